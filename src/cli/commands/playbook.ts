import { loadConfig } from '../../config/config.js';
import { ConfigError, UsageError } from '../../process/errors.js';
import { findPlaybookFile, compilePlaybookOf, readPlaybook } from '../../playbook/load.js';
import { PlaybookError } from '../../playbook/parse.js';
import { type Playbook, requestNames } from '../../playbook/playbook.js';
import { requestTextsOf } from '../../playbook/requests.js';
import { type Segments, segmentsOf } from '../../playbook/segments.js';
import type { Context } from '../context.js';
import { facts, table } from '../../process/output.js';
import type { PlaybookOptions } from '../options.js';

/**
 * `answerback playbook [FILE]`: shows the templates of labels and requests, and how many SMS each needs. With `--try`,
 * shows the label and template for a text; with `--test`, how many labelled texts get the right label.
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
  const requests = requestsIn(playbook);
  output.print(
    { file, segments: playbook.segments, templates, requests },
    [
      table([['LABEL', ...columns], ...templates.map((row) => [row.label, ...cellsOf(row)])]),
      table([['REQUEST', ...columns], ...requests.map((row) => [row.request, ...cellsOf(row)])]),
    ].join('\n\n'),
  );
  output.say(
    `${file}: a template may need up to ${playbook.segments} SMS. The characters after UCS-2 are not in GSM-7.`,
  );
}

interface Template extends Partial<Segments> {
  language?: string;
  /** Null: no reply. */
  template: string | null;
}

const columns = ['LANGUAGE', 'SMS', 'ENCODING', 'TEMPLATE'];

function cellsOf({ language, segments, encoding, notInGsm, template }: Template): string[] {
  return [
    language ?? '',
    segments === undefined ? '' : String(segments),
    [encoding, ...(notInGsm ?? [])].join(' '),
    template ?? '(silence)',
  ];
}

function templatesIn({ labels }: Playbook): Array<Template & { label: string }> {
  return Object.entries(labels).flatMap(([label, { templates }]): Array<Template & { label: string }> =>
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

function requestsIn(playbook: Playbook): Array<Template & { request: string }> {
  const texts = requestTextsOf(playbook);
  return requestNames.flatMap((request) =>
    [...texts[request]].map(([language, template]) => ({ request, language, ...segmentsOf(template), template })),
  );
}
