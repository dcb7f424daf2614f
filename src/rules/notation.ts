import { fold, isWord } from './normalize.js';

/** One word of a phrase as the lexicon writes it: `a/b` is either word, `a?` may be left out. */
export interface Part {
  choices: readonly string[];
  optional: boolean;
}

export interface Entry {
  /** As the file has it. */
  written: string;
  parts: readonly Part[];
  /** Of its first character, in the list. */
  index: number;
}

/** Cuts a list into its phrases, and these into words. A comma or line end ends a phrase, a blank or hyphen a word. */
export function splitList(list: string): Array<{ written: string; parts: string[]; index: number }> {
  return [...list.matchAll(/[^\s,](?:[^\n,]*[^\s,])?/g)].map(({ 0: written, index }) => ({
    written,
    parts: written.split(/[\s-]+/),
    index,
  }));
}

/**
 * Reads a list of the lexicon.
 *
 * @param wrong is called with what can't be read, and its character
 */
export function readEntries(list: string, wrong: (what: string, index: number) => void): Entry[] {
  const entries: Entry[] = [];
  for (const { written, parts: words, index } of splitList(list)) {
    const parts = words.map(readPart);
    const unread = parts.flatMap(({ choices }) => choices).find((choice) => !isWord(choice));
    if (unread !== undefined)
      wrong(
        `${JSON.stringify(written)}: expected words of letters and digits, "a/b" for either, "a?" if optional`,
        index,
      );
    else if (parts.every(({ optional }) => optional))
      wrong(`${JSON.stringify(written)}: expected a word that must be there, since "?" makes it optional`, index);
    else entries.push({ written, parts, index });
  }
  return entries;
}

/** Reads one word of a phrase: `a/b?`. */
export function readPart(part: string): Part {
  const optional = part.endsWith('?');
  return { choices: fold(optional ? part.slice(0, -1) : part).split('/'), optional };
}

/** Every phrase that an entry stands for: `a/b c?` for "a c", "a", "b c" and "b". */
export function expand(parts: readonly Part[]): string[][] {
  return parts.reduce<string[][]>(
    (heads, { choices, optional }) => {
      const longer = heads.flatMap((head) => choices.map((choice) => [...head, choice]));
      return optional ? [...heads, ...longer] : longer;
    },
    [[]],
  );
}
