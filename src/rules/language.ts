import { englishAnswers } from './english-answers.js';
import { englishDoubts } from './english-doubts.js';
import { englishOpinions } from './english-opinions.js';
import { french } from './french.js';
import type { PhraseBook } from './kind.js';
import { phraseOf } from './phrase.js';
import { spanish } from './spanish.js';

/** The language of a text among some, ISO 639-1; undefined where it cannot be told. */
export type ReadLanguage = (text: string, among: readonly string[]) => string | undefined;

/** How far the likeliest must be ahead of the next: "no" is Spanish and English. */
const clearLead = 0.1;

/** More than enough to tell by. */
const mostCharacters = 1_000;

/**
 * Loads a detector (its table takes 30 MB of memory and 0.1 s), for those that need to tell languages apart. The rules' own
 * words go before it, for it is often wrong on a few words: it takes "Yes, a secret affair" for French.
 */
export async function loadLanguages(): Promise<ReadLanguage> {
  const { eld } = await import('eld/extrasmall');
  return (text, among) => {
    const beginning = text.slice(0, mostCharacters);
    const byWords = leader(among, countWords(phraseOf(beginning)), 1);
    if (byWords !== undefined) return byWords;
    const detected = eld.detect(beginning);
    if (!detected.isReliable()) return undefined;
    const scores = detected.getScores();
    return leader(among, (language) => scores[language] ?? 0, clearLead);
  };
}

function leader(among: readonly string[], score: (language: string) => number, lead: number): string | undefined {
  const [first, second] = among.map((language) => ({ language, score: score(language) })).sort((a, b) => b.score - a.score);
  return first && first.score - (second?.score ?? 0) >= lead ? first.language : undefined;
}

const words: Readonly<Record<string, ReadonlySet<string>>> = {
  en: singleWords(englishAnswers, englishDoubts, englishOpinions),
  fr: singleWords(french),
  es: singleWords(spanish),
  // The rules have no German book, but without these "was" and "es" would speak for English and Spanish.
  de: new Set(
    `ich du er sie es wir ihr mich mir dich dir uns ihnen mein meine meinen das die der den dem ein eine einen ist war sind bin habe hat haben
    kann konnen will mochte muss werde wird wurde nicht kein keine ja nein und oder aber auch noch nur sehr zu zum zur mit von vom fur auf
    aus bei nach um am im in an so wie was wer wann wo warum danke bitte gerne leider heute morgen gut alles hallo tag schon mal bis`.split(/\s+/),
  ),
};

function singleWords(...books: PhraseBook[]): Set<string> {
  return new Set(books.flatMap((book) => Object.values(book)).flatMap((phrases) => phrases.split(/[,\n]/)).flatMap((phrase) => phrase.trim().split('/')).filter((word) => /^\p{L}+$/u.test(word)));
}

/** How many words of a text are of this language and of no other that the rules know. */
const countWords = (text: readonly string[]) => (language: string) =>
  text.filter((word) => words[language]?.has(word) && Object.entries(words).every(([of, known]) => of === language || !known.has(word))).length;
