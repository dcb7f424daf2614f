export { answerMessage } from './answer-message.js';
export { contact } from './contact.js';
