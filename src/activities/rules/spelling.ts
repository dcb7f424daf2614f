import { commonWords } from './common-words.js';
import { vocabulary } from './lexicon.js';

/** Shorter words have too many neighbours, longer ones aren't written by hand. */
const shortestCorrected = 5;
const longestCorrected = 20;

const shorthand = new Map<string, string>(
  Object.entries({
    wana: 'wanna', gona: 'gonna', mke: 'make', cnt: 'cant', dnt: 'dont', wnt: 'wont', nt: 'not', nto: 'not', ont: 'not', noep: 'nope', sur: 'sure', yuo: 'you', teh: 'the', cuold: 'could', wuold: 'would', wud: 'would', cud: 'could', gud: 'good', goood: 'good', gr8: 'great', grt: 'great', l8r: 'later', luv: 'love', thier: 'their', ther: 'there', thre: 'there', defiantly: 'definitely', deffinately: 'definitely', defintly: 'definitely', intrested: 'interested', intersted: 'interested', coures: 'course', corse: 'course', cours: 'course', probs: 'problem', im: 'im', agre: 'agree', agee: 'agree', aggre: 'agree', argee: 'agree', agreed: 'agreed', dsagree: 'disagree', unsubcribe: 'unsubscribe', waht: 'what', wich: 'which', becuase: 'because', acept: 'accept', oky: 'okay', knwo: 'know', kno: 'know', shur: 'sure', evr: 'ever', abt: 'about',
  }),
);

const byInitial = new Map<string, string[]>();
for (const word of vocabulary) {
  if (word.length < shortestCorrected) continue;
  const initial = word.charAt(0);
  byInitial.set(initial, [...(byInitial.get(initial) ?? []), word]);
}

/** The known word that was meant: "yesss" is "yes", "defintely" is "definitely". An unknown word comes back as it is. */
export function correct(word: string): string {
  if (vocabulary.has(word) || commonWords.has(word)) return shorthand.get(word) ?? word;
  return shorthand.get(word) ?? unstretch(word) ?? neighbour(word) ?? neighbour(word.replace(/(.)\1+/gu, '$1')) ?? word;
}

function unstretch(word: string): string | undefined {
  const candidates = [word.replace(/(.)\1{2,}/gu, '$1$1'), word.replace(/(.)\1+/gu, '$1'), word.replace(/(.)\1{2,}/gu, '$1')];
  const known = candidates.find((candidate) => candidate !== word && vocabulary.has(candidate));
  return known && (shorthand.get(known) ?? known);
}

function neighbour(word: string): string | undefined {
  if (word.length < shortestCorrected - 1 || word.length > longestCorrected) return undefined;
  return byInitial.get(word.charAt(0))?.find((known) => isOneEditAway(word, known));
}

/** One letter more, less or different, or two swapped. */
function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let endOfA = a.length;
  let endOfB = b.length;
  while (endOfA > start && endOfB > start && a[endOfA - 1] === b[endOfB - 1]) {
    endOfA--;
    endOfB--;
  }
  const [restOfA, restOfB] = [a.slice(start, endOfA), b.slice(start, endOfB)];
  if (restOfA.length <= 1 && restOfB.length <= 1) return true;
  return restOfA.length === 2 && restOfB.length === 2 && restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0];
}
