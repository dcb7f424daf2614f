/** A sentence as folded words, in runs between commas. `asked` when a question mark ends it. */
export interface Sentence {
  runs: string[][];
  asked: boolean;
}

const link = /\b(?:https?:\/\/|www\.)\S+/g;
const apostrophe = /['’‘ʼ`´′＇]/g;
const invisible = /[\p{M}\p{Cf}\p{Emoji_Modifier}]/gu;
const token = /\+?[\p{L}\p{N}]+%?|\p{Extended_Pictographic}|[✓✗✘]|[.!?…;\n\r,:/()–—|]|\s-+\s/gu;
const oneWord = /^(?:\+?[\p{L}\p{N}]+%?|\p{Extended_Pictographic}|[✓✗✘])$/u;
const word = /[\p{L}\p{N}\p{Extended_Pictographic}✓✗✘]/u;

/** What people want to say stands at the beginning or at the end: only this many characters of each are read. */
const readFromEachEnd = 4_000;

/** Lower case, no accents, no skin tones, no apostrophes: "DON’T" and "dont" are the same word. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .toUpperCase() // ß and SS, ſ and S must fold alike
    .toLowerCase()
    .replace(apostrophe, '')
    .normalize('NFKD')
    .replace(invisible, '')
    .toLowerCase();
}

/** Whether folded text is one word or emoji, as {@link splitIntoSentences} cuts them out of a text. */
export function isWord(folded: string): boolean {
  return oneWord.test(folded);
}

/** Cuts a text at its punctuation. */
export function splitIntoSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let current: Sentence = { runs: [[]], asked: false };
  const finish = (): void => {
    if (current.runs.some((run) => run.length > 0)) sentences.push(current);
    current = { runs: [[]], asked: false };
  };
  for (const [part] of shorten(fold(text)).replace(link, ' link ').matchAll(token)) {
    if (word.test(part)) current.runs.at(-1)?.push(part);
    else if (part === '?') {
      current.asked = true;
      finish();
    } else if (/[.!…;\n\r]/.test(part)) finish();
    else current.runs.push([]);
  }
  finish();
  return sentences;
}

function shorten(folded: string): string {
  const text = folded.trim();
  return text.length <= 2 * readFromEachEnd
    ? text
    : `${text.slice(0, readFromEachEnd)}\n${text.slice(-readFromEachEnd)}`;
}

/** Stands where punctuation does, so that "10/10" and "not bad, not great" can be found. */
export const pause = ',';

/** A word or phrase as it is looked for: folded words, with a pause between those that punctuation keeps apart. */
export function phraseOf(text: string): string[] {
  const runs = splitIntoSentences(text)
    .flatMap((sentence) => sentence.runs)
    .filter((run) => run.length > 0);
  return runs.flatMap((run, index) => (index === 0 ? run : [pause, ...run]));
}
