/** What one label means, how the rules find it, and what is answered. */
export interface LabelRule {
  /** Told to the model. */
  meaning: string;
  /** Whether a plain yes or a plain no is this label. */
  countsAs?: 'yes' | 'no';
  /** Words and phrases by which the rules find it. */
  words: readonly string[];
  /** By language, ISO 639-1; the playbook's own language is always among them. Null: silence. */
  answers: Readonly<Record<string, string>> | null;
}

/** The labels of a service, how to tell them apart, and what is answered to each. */
export interface Playbook {
  /** The label of what fits no other. */
  otherwise: string;
  /** The language of the answers where that of a text has none, or cannot be told. */
  language: string;
  /** How many SMS an answer may take. */
  segments: number;
  /** In their order: where the rules find several, the first counts. */
  labels: Readonly<Record<string, LabelRule>>;
}

/** The languages it answers in, its own first. */
export function languagesOf({ language, labels }: Playbook): string[] {
  return [...new Set([language, ...Object.values(labels).flatMap(({ answers }) => Object.keys(answers ?? {}))])];
}
