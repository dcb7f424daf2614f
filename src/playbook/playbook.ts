/** The meaning of a label, how the rules find it, and its templates. */
export interface LabelRule {
  /** The meaning, for the model. */
  meaning: string;
  /** A plain yes, or a plain no, gets this label. */
  countsAs?: 'yes' | 'no';
  /** The words and phrases by which the rules find the label. */
  words: readonly string[];
  /** `begin`: the sender is handed over to a person. `end`: the hand-over ends. */
  handoff?: 'begin' | 'end';
  /** By language, ISO 639-1; the playbook's own language is always among them. Null: silence. */
  templates: ByLanguage | null;
}

/** What a person asks of the service itself, whatever the labels are. The keys of `requests` in the file. */
export const requestNames = ['stop', 'start', 'help', 'person'] as const;
export type RequestName = (typeof requestNames)[number];

/** By language, ISO 639-1. */
export type ByLanguage = Readonly<Record<string, string>>;

/** The labels of a service, how to tell them apart, and their templates. */
export interface Playbook {
  /** The numbers, phones, SIMs and gateways that it serves. Absent: all that no other playbook names. */
  lines?: readonly string[] | undefined;
  /** The label of a text that fits no other label. */
  otherwise: string;
  /** The reply's language when the label has no template in the text's language, or that language is unknown. */
  language: string;
  /** The maximum number of SMS per template. */
  segments: number;
  /** The name of the service. The built-in playbook says "this number". */
  service: ByLanguage;
  /** The replies to requests, with `{service}` for the name; those that the file leaves out are the built-in ones. */
  requests: Readonly<Record<RequestName, ByLanguage>>;
  /** The order matters: when the rules find several labels, the first one counts. */
  labels: Readonly<Record<string, LabelRule>>;
}

/** Returns the languages of the templates, the playbook's own language first. */
export function languagesOf({ language, labels }: Playbook): string[] {
  return [...new Set([language, ...Object.values(labels).flatMap(({ templates }) => Object.keys(templates ?? {}))])];
}
