import { defaultPlaybook } from '../../../test/helpers/playbook.js';

/** What a reply of the built-in playbook says: a confirmation of a request, the template of a label, or neither. */
export type ReplyKind = 'stop' | 'start' | 'help' | 'person' | 'Agree' | 'Disagree' | 'Neutral' | 'other';

const requests = ['stop', 'start', 'help', 'person'] as const;
const labels = ['Agree', 'Disagree', 'Neutral'] as const;
const languages = ['en', 'es', 'fr', 'pt', 'de', 'it'];

const kinds = new Map<string, ReplyKind>([
  ...languages.flatMap((language) =>
    requests.map((kind) => [defaultPlaybook.requestTemplate(kind, language), kind] as const),
  ),
  ...labels.flatMap((label) =>
    Object.values(defaultPlaybook.labels[label]?.templates ?? {}).map((text) => [text, label] as const),
  ),
]);

/** Tells what a reply says, by its text. */
export const kindOfReply = (text: string): ReplyKind => kinds.get(text) ?? 'other';
