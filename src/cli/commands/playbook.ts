import { loadConfig } from '../../config/config.js';
import { ConfigError, UsageError } from '../../process/errors.js';
import { createSenderOf, type SenderOf } from '../../domain/sender.js';
import { findPlaybookFile } from '../../playbook/files.js';
import { compilePlaybookOf, readPlaybooks } from '../../playbook/read.js';
import { PlaybookError } from '../../playbook/parse.js';
import { type Playbook, requestNames } from '../../playbook/playbook.js';
import { requestTextsOf } from '../../playbook/requests.js';
import { type Segments, segmentsOf } from '../../playbook/segments.js';
import type { Context } from '../context.js';
import { facts, table } from '../../process/output.js';
import type { PlaybookOptions } from '../options.js';

/**
 * `answerback playbook [FILE]`: shows the templates of labels and requests, and how many SMS each needs. With `--try`,
 * shows the label and template for a text; with `--test`, how many labelled texts get the right label. Of a folder, it
 * shows each playbook.
 */
export async function showPlaybook(
  named: string | undefined,
  { try: text, test: texts, model: byModel = false, min }: PlaybookOptions,
  context: Context,
): Promise<void> {
  const { env, output } = context;
  if (texts === undefined && (byModel || min !== undefined)) throw new UsageError('--model and --min need --test');
  if (texts !== undefined && text !== undefined) throw new UsageError('Give --try or --test');
  const place = await findPlaybookFile(named ?? loadConfig(env).playbook);
  const playbooks = await readAll(place, env);
  const [only, another] = playbooks;
  if (texts !== undefined) {
    if (another) throw new UsageError(`${place} has ${playbooks.length} playbooks: name the file of one for --test`);
    // Only this needs OpenAI's client, which takes long to load.
    const { testPlaybook } = await import('./test-playbook.js');
    const { file, playbook } = only as ReadPlaybook;
    return testPlaybook({ file, playbook: await compilePlaybookOf(playbook), texts, byModel, min }, context);
  }
  if (text !== undefined) {
    const tried = await Promise.all(playbooks.map((one) => tryText(one, text)));
    const blocks = tried.map(({ label, template }, index) =>
      facts([
        ...(another ? ([['Playbook', headingOf(playbooks[index] as ReadPlaybook)]] as const) : []),
        ['Label', label],
        ['Template', template ?? '(silence)'],
      ]),
    );
    return output.print(
      another ? tried : { label: tried[0]?.label, template: tried[0]?.template },
      blocks.join('\n\n'),
    );
  }
  const shown = playbooks.map(({ file, playbook }) => ({
    file,
    ...(playbook.lines && { lines: playbook.lines }),
    segments: playbook.segments,
    templates: templatesIn(playbook),
    requests: requestsIn(playbook),
  }));
  const blocks = shown.map(({ templates, requests }, index) => [
    ...(another ? [headingOf(playbooks[index] as ReadPlaybook)] : []),
    table([['LABEL', ...columns], ...templates.map((row) => [row.label, ...cellsOf(row)])]),
    table([['REQUEST', ...columns], ...requests.map((row) => [row.request, ...cellsOf(row)])]),
  ]);
  output.print(another ? { playbooks: shown } : shown[0], blocks.flat().join('\n\n'));
  for (const { file, segments } of shown)
    output.say(`${file}: a template may need up to ${segments} SMS. The characters after UCS-2 are not in GSM-7.`);
}

interface ReadPlaybook {
  file: string;
  playbook: Playbook;
}

async function readAll(place: string, env: Context['env']): Promise<ReadPlaybook[]> {
  // A file without lines needs no settings, which may be wrong.
  const senderOf: SenderOf = (line) => createSenderOf(loadConfig(env).defaultCountry)(line);
  const { byFile } = await readPlaybooks(place, senderOf).catch((error: unknown) => {
    throw error instanceof PlaybookError ? new ConfigError(error.message.split('\n')) : error;
  });
  return [...byFile].map(([file, playbook]) => ({ file, playbook }));
}

const headingOf = ({ file, playbook: { lines } }: ReadPlaybook): string =>
  `${file}, for ${lines ? lines.join(', ') : 'all other lines'}`;

async function tryText({ file, playbook }: ReadPlaybook, text: string) {
  const compiled = await compilePlaybookOf(playbook);
  const label = compiled.labelByRules(text);
  return { file, ...(playbook.lines && { lines: playbook.lines }), label, template: compiled.templateFor(text, label) };
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
