import { emoji } from './emoji-lexicon.js';
import { englishAnswers } from './english-answers.js';
import { englishDoubts } from './english-doubts.js';
import { englishOpinions } from './english-opinions.js';
import { french } from './french.js';
import type { Kind, PhraseBook } from './kind.js';
import { spanish } from './spanish.js';

/** A word of a phrase: where it may end a phrase it has a kind, where the phrase may go on it has next words. */
interface Node {
  kind?: Kind;
  next: Map<string, Node>;
}

/** Every phrase the rules know. Where two books claim the same phrase, the earlier book keeps it. */
export const phrases = new Map<string, Kind>();
export const vocabulary = new Set<string>();
/** The words that carry an answer: what a misspelt word may stand for. */
export const keywords = new Set<string>();
const light = new Set<Kind>(['aside', 'filler', 'ask', 'whatIf', 'cheer', 'past']);
const root: Node = { next: new Map() };

for (const book of [englishAnswers, englishDoubts, englishOpinions, spanish, french, emoji]) addBook(book);

function addBook(book: PhraseBook): void {
  for (const [kind, text] of Object.entries(book) as [Kind, string][]) {
    for (const pattern of text.split(/[,\n]/)) {
      const spelled = pattern.trim();
      if (spelled !== '') spellOut(spelled.split(' ')).forEach((words) => addPhrase(words, kind));
    }
  }
}

/** `a/b c?` stands for "a c", "a", "b c" and "b". */
function spellOut(pattern: string[]): string[][] {
  return pattern.reduce<string[][]>(
    (heads, part) => {
      const words = part.replace('?', '').split('/');
      const longer = heads.flatMap((head) => words.map((word) => [...head, word]));
      return part.endsWith('?') ? [...heads, ...longer] : longer;
    },
    [[]],
  );
}

function addPhrase(words: string[], kind: Kind): void {
  const phrase = words.join(' ');
  if (phrases.has(phrase)) return;
  phrases.set(phrase, kind);
  let node = root;
  for (const word of words) {
    vocabulary.add(word);
    if (!light.has(kind)) keywords.add(word);
    let next = node.next.get(word);
    if (!next) node.next.set(word, (next = { next: new Map() }));
    node = next;
  }
  node.kind = kind;
}

/** Words that may stand inside a phrase without changing it: "sounds really good". */
const stress = new Set(
  'very really so just totally pretty quite absolutely definitely all fully completely too also fucking damn honestly certainly even probably still super truly'.split(' '),
);

/** The longest phrase that begins at `start`, and where it ends. */
export function longestPhrase(words: readonly string[], start: number): { kind: Kind; end: number } | undefined {
  let node: Node | undefined = root;
  let found: { kind: Kind; end: number } | undefined;
  for (let index = start; index < words.length; index++) {
    const word = words[index] ?? '';
    const next: Node | undefined = node.next.get(word);
    if (!next && index > start && stress.has(word)) continue;
    if (!next) break;
    node = next;
    if (node.kind) found = { kind: node.kind, end: index + 1 };
  }
  return found;
}
