export { answerMessage } from './answer-message.js';
