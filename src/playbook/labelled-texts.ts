import { z } from 'zod';
import { readYaml, YamlError } from '../yaml/read.js';
import { readUtf8 } from './read-utf8.js';

/** A text, and the label that it should get. */
export interface LabelledText {
  text: string;
  label: string;
}

/** A file of labelled texts. */
export interface LabelledTexts {
  /** The texts by which the words of the playbook were chosen. */
  texts: readonly LabelledText[];
  /** Texts by which no word was chosen; they show how well the playbook labels texts that it doesn't know. */
  heldOut: readonly LabelledText[];
}

/** A file of labelled texts has mistakes: all of them at once, each with its place. */
export class LabelledTextsError extends YamlError {
  override readonly name = 'LabelledTextsError';
}

const textsByLabel = z.record(
  z.string(),
  z
    .array(z.string({ error: 'a text' }).trim().min(1, 'a text'), { error: 'a list of texts, each after a dash' })
    .min(1, 'at least one text'),
  { error: 'labels with texts, such as Agree: [yes, sure]' },
);

const form = {
  is: 'a file of labelled texts',
  schema: z.strictObject(
    {
      texts: textsByLabel.refine((labels) => Object.keys(labels).length > 0, 'at least one label with texts'),
      held_out: textsByLabel.default({}),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? 'a map with texts' : undefined) },
  ),
  keysAt: () => 'texts or held_out',
  Failure: LabelledTextsError,
};

/**
 * Reads labelled texts.
 *
 * @param file its name, for the errors
 * @param labels those of the playbook
 * @throws {LabelledTextsError} with every mistake, up to 20
 */
export function parseLabelledTexts(source: string, file: string, labels: readonly string[]): LabelledTexts {
  return readYaml(source, file, form, (parsed, wrong) => {
    const labelOf = new Map<string, string>();
    const readPart = (part: 'texts' | 'held_out') =>
      Object.entries(parsed[part]).flatMap(([label, texts]) => {
        if (!labels.includes(label))
          wrong(
            [part, label],
            `the playbook has no label ${JSON.stringify(label)}: expected ${labels.join(', ')}`,
            'key',
          );
        return texts.map((text, index) => {
          const other = labelOf.get(text);
          if (other !== undefined)
            wrong(
              [part, label, index],
              `${JSON.stringify(text)} is already a text of ${other}: expected each text once`,
            );
          labelOf.set(text, label);
          return { text, label };
        });
      });
    return { texts: readPart('texts'), heldOut: readPart('held_out') };
  });
}

/** Reads a file of labelled texts. See {@link parseLabelledTexts}. */
export async function readLabelledTexts(file: string, labels: readonly string[]): Promise<LabelledTexts> {
  return parseLabelledTexts(await readUtf8(file, 'give the path of a YAML file', LabelledTextsError), file, labels);
}
