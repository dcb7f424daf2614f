import { type ReadLanguage } from '../rules/language.js';
import { createFinder } from '../rules/phrase.js';
import { readYesOrNo } from '../rules/yes-or-no.js';
import { languagesOf, type Playbook } from './playbook.js';

/** A playbook, ready to read texts by. */
export interface PreparedPlaybook extends Playbook {
  /** Labels a text by words and rules. Takes milliseconds for the longest text and never throws. */
  labelByRules(text: string): string;
  /** What it answers to a text of this label, in the text's language where it has that; null: silence. */
  answerTo(text: string, label: string): string | null;
}

/** @param readLanguage absent: every answer is in the playbook's own language */
export function preparePlaybook(playbook: Playbook, readLanguage?: ReadLanguage): PreparedPlaybook {
  const { labels, otherwise, language } = playbook;
  const findWords = createFinder(new Map(Object.entries(labels).map(([name, { words }]) => [name, words])));
  const languages = languagesOf(playbook);
  return {
    ...playbook,
    labelByRules(text) {
      const { found, denied } = findWords(text);
      const answer = readYesOrNo(text);
      // "I won't be late" is no refusal: its negation is of a word that was looked for. "I won't be there" is one.
      const isOfAnother = [...denied].some((name) => labels[name]?.countsAs !== 'yes');
      const plain = isOfAnother && answer === 'no' ? undefined : answer;
      const fits = Object.entries(labels).find(([name, { countsAs }]) => found.has(name) || (plain !== undefined && plain === countsAs));
      return fits?.[0] ?? otherwise;
    },
    answerTo(text, label) {
      const { answers = null } = labels[label] ?? {};
      if (answers === null) return null;
      const read = languages.length > 1 ? readLanguage?.(text, languages) : undefined;
      return answers[read ?? language] ?? answers[language] ?? null;
    },
  };
}
