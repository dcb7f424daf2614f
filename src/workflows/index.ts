export { answerMessage } from './answer-message.js';
export { contact } from './contact.js';
export { tellEvent } from './tell-event.js';
