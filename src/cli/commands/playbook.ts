import { loadConfig } from '../../config/config.js';
import { ConfigError, UsageError } from '../../process/errors.js';
import { findPlaybookFile, compilePlaybookOf, readPlaybook } from '../../playbook/load.js';
import { PlaybookError } from '../../playbook/parse.js';
import type { Playbook } from '../../playbook/playbook.js';
import { type Segments, segmentsOf } from '../../playbook/segments.js';
import type { Context } from '../context.js';
import { facts, table } from '../../process/output.js';
import type { PlaybookOptions } from '../options.js';

/**
 * `answerback playbook [FILE]`: shows the templates and how many SMS each needs. With `--try`, shows the label and
 * template for a text; with `--test`, how many labelled texts get the right label.
 */
export async function showPlaybook(
  named: string | undefined,
  { try: text, test: texts, model: byModel = false, min }: PlaybookOptions,
  context: Context,
): Promise<void> {
  const { env, output } = context;
  if (texts === undefined && (byModel || min !== undefined)) throw new UsageError('--model and --min need --test');
  if (texts !== undefined && text !== undefined) throw new UsageError('Give --try or --test');
  const file = await findPlaybookFile(named ?? loadConfig(env).playbook);
  const playbook = await readPlaybook(file).catch((error: unknown) => {
    throw error instanceof PlaybookError ? new ConfigError(error.message.split('\n')) : error;
  });
  if (texts !== undefined) {
    // Only this needs OpenAI's client, which takes long to load.
    const { testPlaybook } = await import('./test-playbook.js');
    return testPlaybook({ file, playbook: await compilePlaybookOf(playbook), texts, byModel, min }, context);
  }
  if (text !== undefined) {
    const compiled = await compilePlaybookOf(playbook);
    const label = compiled.labelByRules(text);
    const template = compiled.templateFor(text, label);
    return output.print(
      { label, template },
      facts([
        ['Label', label],
        ['Template', template ?? '(silence)'],
      ]),
    );
  }
  const templates = templatesIn(playbook);
  const rows = templates.map(({ label, language, segments, encoding, notInGsm, template }) => [
    label,
    language ?? '',
    segments === undefined ? '' : String(segments),
    [encoding, ...(notInGsm ?? [])].join(' '),
    template ?? '(silence)',
  ]);
  output.print(
    { file, segments: playbook.segments, templates },
    table([['LABEL', 'LANGUAGE', 'SMS', 'ENCODING', 'TEMPLATE'], ...rows]),
  );
  output.say(
    `${file}: a template may need up to ${playbook.segments} SMS. The characters after UCS-2 are not in GSM-7.`,
  );
}

interface TemplateRow extends Partial<Segments> {
  label: string;
  language?: string;
  /** Null: no reply. */
  template: string | null;
}

function templatesIn({ labels }: Playbook): TemplateRow[] {
  return Object.entries(labels).flatMap(([label, { templates }]): TemplateRow[] =>
    templates === null
      ? [{ label, template: null }]
      : Object.entries(templates).map(([language, template]) => ({
          label,
          language,
          ...segmentsOf(template),
          template,
        })),
  );
}
