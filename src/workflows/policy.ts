import type { Decision, InboundMessage, Verdict } from '../message.js';

/**
 * Whether and what to reply. Pure: what it knows of settings is recorded in the verdict,
 * so a changed setting never changes how an old run replays.
 */
export function decide(message: Pick<InboundMessage, 'number' | 'text'>, verdict: Verdict): Decision {
  if (verdict.answer === null) return { kind: 'silent', reason: verdict.silence };
  if (isOptOut(message.text)) return { kind: 'silent', reason: 'opted-out' };
  if (!canBeAnswered(message.number)) return { kind: 'silent', reason: 'sender-cannot-be-answered' };
  return { kind: 'reply', text: verdict.answer };
}

/** Names such as `MPESA` take no replies, and short codes (up to 6 digits) are machines: answering one starts a loop. */
function canBeAnswered(number: string): boolean {
  if (!/^[+\d\s().-]+$/.test(number)) return false;
  return number.replace(/\D/g, '').length > 6;
}

/**
 * The words that carriers and 47 CFR 64.1200(a)(10) take for "write me no more" when they are the whole message.
 * Only exact ones: "we must STOP this bill" is an answer.
 */
const optOutWords = new Set(
  ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'opt out', 'optout', 'opt-out', 'revoke', 'arret', 'arrêt'],
);

function isOptOut(text: string): boolean {
  // One SMS: the second pattern takes the square of a text's length.
  if (text.length > 160) return false;
  return optOutWords.has(text.normalize('NFKC').toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '').replace(/\s+/g, ' '));
}
