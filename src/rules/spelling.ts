import { commonWords } from './common-words.js';
import { keywords, vocabulary } from './lexicon.js';

/** Shorter words have too many neighbours, longer ones aren't written by hand. */
const shortestCorrected = 5;
const longestCorrected = 20;

const shorthand = new Map<string, string>(
  Object.entries({
    wana: 'wanna', tmrw: 'tomorrow', tmr: 'tomorrow', tmw: 'tomorrow', tomorow: 'tomorrow', b: 'be', gona:
    'gonna', mke: 'make', cnt: 'cant', dnt: 'dont', wnt: 'wont', nt: 'not', nto: 'not', noep:
    'nope', yuo: 'you', teh: 'the', cuold: 'could', wuold: 'would', wud: 'would', cud: 'could',
    gud: 'good', goood: 'good', gr8: 'great', grt: 'great', l8r: 'later', luv: 'love', thier: 'their', ther:
    'there', thre: 'there', defiantly: 'definitely', deffinately: 'definitely', defintly: 'definitely',
    intrested: 'interested', intersted: 'interested', coures: 'course', corse: 'course', cours: 'course', probs:
    'problem', agre: 'agree', dissagre: 'disagree', agee: 'agree', aggre: 'agree', argee: 'agree', dsagree:
    'disagree', unsubcribe: 'unsubscribe', waht: 'what', wich: 'which', becuase: 'because', acept: 'accept',
    oky: 'okay', knwo: 'know', kno: 'know', shur: 'sure', evr: 'ever', abt: 'about',
  }),
);

const neighbourhoods = new Map<string, string[]>();
for (const word of [...keywords].sort((a, b) => b.length - a.length)) {
  for (const length of [word.length - 1, word.length, word.length + 1]) {
    const place = `${word.charAt(0)}${length}`;
    const words = neighbourhoods.get(place);
    if (words) words.push(word);
    else neighbourhoods.set(place, [word]);
  }
}

/** The known word that was meant: "yesss" is "yes", "defintely" is "definitely". An unknown word comes back as it is. */
export function correct(word: string): string {
  if (vocabulary.has(word) || commonWords.has(word)) return shorthand.get(word) ?? word;
  return shorthand.get(word) ?? unstretch(word) ?? neighbour(word) ?? neighbour(word.replace(/(.)\1{2,}/gu, '$1')) ?? word;
}

/** Whether a word that the rules don't know is another one with one letter wrong or two swapped. */
export function isMisspelt(written: string, word: string): boolean {
  if (word.length < shortestCorrected || written.charAt(0) !== word.charAt(0) || Math.abs(written.length - word.length) > 1) return false;
  if (vocabulary.has(written) || commonWords.has(written)) return false;
  return isSwapped(written, word) || isOneEditAway(written, word);
}

function unstretch(word: string): string | undefined {
  const candidates = [word.replace(/(.)\1{2,}/gu, '$1$1'), word.replace(/(.)\1+/gu, '$1'), word.replace(/(.)\1{2,}/gu, '$1')];
  const known = candidates.find((candidate) => candidate !== word && vocabulary.has(candidate));
  return known && (shorthand.get(known) ?? known);
}

function neighbour(word: string): string | undefined {
  if (word.length < shortestCorrected - 1 || word.length > longestCorrected) return undefined;
  const near = neighbourhoods.get(`${word.charAt(0)}${word.length}`) ?? [];
  return near.find((known) => isSwapped(word, known) || (known.length >= shortestCorrected && isOneEditAway(word, known)));
}

/** Two neighbouring letters swapped. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const start = firstDifference(a, b);
  return a[start] === b[start + 1] && a[start + 1] === b[start] && a.slice(start + 2) === b.slice(start + 2);
}

/** One letter more, less or different. */
function isOneEditAway(a: string, b: string): boolean {
  const start = firstDifference(a, b);
  const longer = Math.max(a.length, b.length);
  return a.slice(start + Number(a.length === longer)) === b.slice(start + Number(b.length === longer));
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index;
}
