export { answerMessage } from './answer-message.js';
export { contact } from './contact.js';
export { refusedReply } from './refused-reply.js';
export { tellEvent } from './tell-event.js';
