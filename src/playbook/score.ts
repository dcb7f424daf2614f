import type { LabelledText } from './labelled-texts.js';

/** A labelled text, and what it was given: a label, or the error that took its place. */
export type JudgedText = LabelledText & ({ given: string } | { error: string });

/** How many texts of a group got their label. A text without one, because of an error, counts as wrong. */
export interface Score {
  total: number;
  right: number;
  /** Right of total, 0 to 1; 1 without texts. */
  accuracy: number;
}

/** The score of one label, and what its texts were given. */
export interface LabelScore extends Score {
  label: string;
  /** How many of its texts were given each label. */
  given: Readonly<Record<string, number>>;
  errors: number;
}

export const isRight = (judged: JudgedText): boolean => 'given' in judged && judged.given === judged.label;

export function scoreOf(judged: readonly JudgedText[]): Score {
  const right = judged.filter(isRight).length;
  return { total: judged.length, right, accuracy: judged.length === 0 ? 1 : right / judged.length };
}

/** Makes the confusion table: a row for each label that texts should get, in the order of the playbook. */
export function scoreLabels(judged: readonly JudgedText[], labels: readonly string[]): LabelScore[] {
  return labels.map((label) => {
    const own = judged.filter((one) => one.label === label);
    const countGiven = (given: string) => own.filter((one) => 'given' in one && one.given === given).length;
    return {
      label,
      ...scoreOf(own),
      given: Object.fromEntries(labels.map((given) => [given, countGiven(given)])),
      errors: own.filter((one) => 'error' in one).length,
    };
  });
}
