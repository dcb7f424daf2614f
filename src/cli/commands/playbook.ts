import { ConfigError, loadConfig } from '../../config.js';
import { findPlaybookFile, preparePlaybookOf, readPlaybook } from '../../playbook/file.js';
import { PlaybookError } from '../../playbook/parse.js';
import type { Playbook } from '../../playbook/playbook.js';
import { type Segments, segmentsOf } from '../../playbook/segments.js';
import type { Context } from '../context.js';
import { facts, table } from '../output.js';
import type { PlaybookOptions } from '../options.js';

/** `answerback playbook [FILE]`: what it answers, and what that costs; with `--try`, what it makes of a text by its rules. */
export async function showPlaybook(named: string | undefined, { try: text }: PlaybookOptions, { env, output }: Context): Promise<void> {
  const file = await findPlaybookFile(named ?? loadConfig(env).playbook);
  const playbook = await readPlaybook(file).catch((error: unknown) => {
    throw error instanceof PlaybookError ? new ConfigError(error.message.split('\n')) : error;
  });
  if (text !== undefined) {
    const prepared = await preparePlaybookOf(playbook);
    const label = prepared.labelByRules(text);
    const answer = prepared.answerTo(text, label);
    return output.print({ label, answer }, facts([['Label', label], ['Answer', answer ?? '(silence)']]));
  }
  const answers = answersIn(playbook);
  const rows = answers.map(({ label, language, segments, encoding, notInGsm, answer }) => [label, language ?? '', segments === undefined ? '' : String(segments), [encoding, ...(notInGsm ?? [])].join(' '), answer ?? '(silence)']);
  output.print({ file, segments: playbook.segments, answers }, table([['LABEL', 'LANGUAGE', 'SMS', 'ENCODING', 'ANSWER'], ...rows]));
  output.say(`${file}: an answer may take ${playbook.segments} SMS. A character beside UCS-2 is one that GSM-7 lacks.`);
}

interface Answer extends Partial<Segments> {
  label: string;
  language?: string;
  /** Null: silence. */
  answer: string | null;
}

function answersIn({ labels }: Playbook): Answer[] {
  return Object.entries(labels).flatMap(([label, { answers }]): Answer[] =>
    answers === null ? [{ label, answer: null }] : Object.entries(answers).map(([language, answer]) => ({ label, language, ...segmentsOf(answer), answer })),
  );
}
