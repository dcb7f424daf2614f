import { type ReadLanguage } from '../rules/language.js';
import { createPhraseFinder } from '../rules/find-phrases.js';
import { readYesOrNo } from '../rules/yes-or-no.js';
import { claimOf } from '../rules/request-keyword.js';
import { requestLanguages } from '../rules/request-languages.js';
import { languagesOf, type Playbook, type RequestName } from './playbook.js';
import { requestTextsOf } from './requests.js';

/** A playbook that can label texts. */
export interface CompiledPlaybook extends Playbook {
  /** Labels a text by the playbook's words and the rules. Takes milliseconds for the longest text and never throws. */
  labelByRules(text: string): string;
  /** Returns the template of a label, in the text's language if there is one; null: silence. */
  templateFor(text: string, label: string): string | null;
  /**
   * Returns the reply to a request that Answerback handles itself. Never throws.
   *
   * @param language ISO 639-1; a language without such a text gets the playbook's own language, else English
   */
  requestTemplate(request: RequestName, language: string): string;
  /** The words and phrases of all labels, as `claimOf` folds them: they ask for nothing when they are a whole text. */
  readonly claimedWords: ReadonlySet<string>;
}

/**
 * Prepares a playbook for labelling texts.
 *
 * @param readLanguage absent: every template is in the playbook's own language
 */
export function compilePlaybook(playbook: Playbook, readLanguage?: ReadLanguage): CompiledPlaybook {
  requestLanguages(); // A mistake in its files must show now, not at the first text.
  const { labels, otherwise, language } = playbook;
  const findWords = createPhraseFinder(new Map(Object.entries(labels).map(([name, { words }]) => [name, words])));
  const languages = languagesOf(playbook);
  const requestTexts = requestTextsOf(playbook);
  return {
    ...playbook,
    labelByRules(text) {
      const { found, denied } = findWords(text);
      const polarity = readYesOrNo(text);
      // "I won't be late" isn't a refusal, since it negates a word of a label; "I won't be there" is one.
      const deniesOtherLabel = [...denied].some((name) => labels[name]?.countsAs !== 'yes');
      const plain = deniesOtherLabel && polarity === 'no' ? undefined : polarity;
      const fits = Object.entries(labels).find(
        ([name, { countsAs }]) => found.has(name) || (plain !== undefined && plain === countsAs),
      );
      return fits?.[0] ?? otherwise;
    },
    templateFor(text, label) {
      const { templates = null } = labels[label] ?? {};
      if (templates === null) return null;
      const read = languages.length > 1 ? readLanguage?.(text, languages) : undefined;
      return templates[read ?? language] ?? templates[language] ?? null;
    },
    requestTemplate(request, of) {
      const texts = requestTexts[request];
      // The built-in playbook has every text in English.
      return texts.get(of) ?? texts.get(language) ?? texts.get('en') ?? '';
    },
    claimedWords: new Set(Object.values(labels).flatMap(({ words }) => words.map(claimOf))),
  };
}
