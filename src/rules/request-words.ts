import { fold } from './normalize.js';

/** A word of a text, a pause (a comma, a bracket, an emoji), or the question mark that ends a sentence. */
export interface Word {
  /** Folded as {@link foldWord} does, or {@link pause}, or {@link question}. */
  folded: string;
  /** Of its first character, in the text. */
  from: number;
  /** After its last character. */
  to: number;
}

export interface TextRead {
  /** The text that `from` and `to` count in. */
  text: string;
  sentences: readonly Word[][];
  /** Whether all of the text was read. */
  whole: boolean;
}

export const pause = ',';
export const question = '?';

/** The length of three SMS. A longer text is read at its ends only. */
const readWholeUpTo = 480;
const readFromEachEnd = 240;

const apostrophes = `'’‘ʼ\`´′＇`;
const token = new RegExp(
  `[\\p{L}\\p{N}\\p{M}\\p{Cf}${apostrophes}]+|[.!?…;\\n\\r。！？।]|[,:()/–—|、]|\\s-+\\s|\\p{Extended_Pictographic}`,
  'gu',
);
const hasLetter = /[\p{L}\p{N}]/u;
const emoji = /\p{Extended_Pictographic}/u;
const sentenceEnd = /[.!?…;\n\r。！？।]/;
const number = /^\p{N}+$/u;

/** Lower case, without accents; in words of five letters or more, doubled letters count once: "arettez", "STOOOP". */
export function foldWord(word: string): string {
  const folded = fold(word);
  return folded.length < 5 ? folded : folded.replace(/(\p{L})\1+/gu, '$1');
}

/**
 * Cuts a text into sentences. What people ask for is short: of a text of more than 480 characters, only the first and
 * the last sentence are read, each if it has at most 240. So the work of the rules has a limit, however long the text.
 */
export function readText(raw: string): TextRead {
  const trimmed = raw.trim();
  if (trimmed.length <= readWholeUpTo) {
    const text = trimmed.normalize('NFKC').slice(0, 2 * readWholeUpTo);
    return { text, sentences: split(text), whole: true };
  }
  const first = trimmed.slice(0, readFromEachEnd).normalize('NFKC').slice(0, readWholeUpTo);
  const last = trimmed.slice(-readFromEachEnd).normalize('NFKC').slice(-readWholeUpTo);
  const heads = split(first);
  const tails = split(`${' '.repeat(first.length)}${last}`);
  return {
    text: first + last,
    sentences: [...(heads.length > 1 ? heads.slice(0, 1) : []), ...(tails.length > 1 ? tails.slice(-1) : [])],
    whole: false,
  };
}

function split(text: string): Word[][] {
  const sentences: Word[][] = [[]];
  // An emoji is a word where there are no others, and a pause elsewhere.
  const wordLike = hasLetter.test(text) ? hasLetter : emoji;
  for (const { 0: part, index } of text.matchAll(token)) {
    const current = sentences.at(-1) ?? [];
    const folded = wordLike.test(part) ? foldWord(part) : '';
    if (folded !== '') current.push({ folded, from: index, to: index + part.length });
    else if (sentenceEnd.test(part)) {
      if (/[?？]/.test(part)) current.push({ folded: question, from: index, to: index + part.length });
      sentences.push([]);
    } else current.push({ folded: pause, from: index, to: index + part.length });
  }
  // The 1 of "1. stop" is no sentence.
  return sentences
    .map(withoutOuterPauses)
    .filter((words) => words.some((word) => isWord(word) && !number.test(word.folded)));
}

function withoutOuterPauses(words: Word[]): Word[] {
  const from = words.findIndex(isWord);
  const to = words.findLastIndex(({ folded }) => folded !== pause);
  return from === -1 ? [] : words.slice(from, to + 1);
}

/** The parts of a sentence between its pauses. */
export function clausesOf(sentence: readonly Word[]): Word[][] {
  const clauses: Word[][] = [[]];
  for (const word of sentence)
    if (isWord(word)) clauses.at(-1)?.push(word);
    else clauses.push([]);
  return clauses.filter((clause) => clause.length > 0);
}

/** Whether it is neither a pause nor a question mark. */
export function isWord({ folded }: Word): boolean {
  return folded !== pause && folded !== question;
}
