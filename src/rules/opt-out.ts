/**
 * The words that mean an opt-out for carriers and in 47 CFR 64.1200(a)(10) when they are the whole message.
 * Only exact matches count: "we must STOP this bill" gets a reply.
 */
const optOutWords = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'opt out',
  'optout',
  'opt-out',
  'revoke',
  'arret',
  'arrêt',
]);

/** The length of one SMS. The limit is needed: the second pattern takes quadratic time. */
const maxLength = 160;

/** Returns whether a text is nothing but a word that opts out. */
export function isOptOut(text: string): boolean {
  if (text.length > maxLength) return false;
  return optOutWords.has(
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
      .replace(/\s+/g, ' '),
  );
}
