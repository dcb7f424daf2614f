import path from 'node:path';
import type { SenderOf } from '../domain/sender.js';
import type { Log } from '../log/log.js';
import { maskNumber } from '../log/mask-number.js';
import type { CompiledPlaybook } from './compile.js';
import { defaultPlaybookFile, findPlaybookFile, type Version, versionOf } from './files.js';
import type { ReceivedBy } from './lines.js';
import { PlaybookError } from './parse.js';
import type { Playbook } from './playbook.js';
import { compilePlaybookOf, readPlaybook, readPlaybooks } from './read.js';
import { segmentsOf } from './segments.js';

/** Returns the current playbook for the line of a message; reads its file again after a change. */
export type CurrentPlaybook = (message: ReceivedBy) => Promise<PlaybookForLine>;

/** The playbook that handles the messages of a line. */
export interface PlaybookForLine extends CompiledPlaybook {
  /** True: no playbook serves the line, and this is the built-in one. It handles requests such as STOP. */
  isStandIn?: true;
}

export interface OpenOptions {
  /** Compares the numbers that playbooks serve. */
  senderOf: SenderOf;
  log: Log;
}

/**
 * A file is read this long after its last change at the earliest, in milliseconds: before that, it may be half written.
 */
const settledAfterMs = 250;

/**
 * Opens the playbooks to use: those of a folder, or one file. They are read again after a file has changed, has come or
 * has gone, and when `playbook.yaml` is created and replaces the built-in one. If a new file is wrong, or none is left,
 * the last valid playbooks stay in use, and the log says so once.
 *
 * @param named as for {@link findPlaybookFile}
 * @throws {PlaybookError} when a file is wrong or missing at the start
 */
export async function openPlaybook(named: string | undefined, options: OpenOptions): Promise<CurrentPlaybook> {
  const { log } = options;
  let place = await findPlaybookFile(named);
  let seen = await versionOf(place);
  let current = await compiledPlaybooks(place, options);
  let reading: Promise<void> | undefined;
  const standInFor = createStandIn(log);

  async function reloadIfChanged(): Promise<void> {
    // The user's own file stays selected, even while an editor removes it for a moment.
    if (place === defaultPlaybookFile) place = await findPlaybookFile(named);
    const version = await versionOf(place);
    if (version.name === seen.name || isUnsettled(version)) return;
    seen = version;
    try {
      current = await compiledPlaybooks(place, options);
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      log.error(
        { event: 'playbook.rejected' },
        `The changed playbook can't be used; the previous one stays in use:\n${error.message}`,
      );
    }
  }

  return async (message) => {
    reading ??= reloadIfChanged().finally(() => (reading = undefined));
    await reading;
    return current.playbookFor(message) ?? standInFor(message);
  };
}

async function compiledPlaybooks(place: string, { senderOf, log }: OpenOptions) {
  const { byFile, lines } = await readPlaybooks(place, senderOf);
  const compiled = new Map<string, CompiledPlaybook>();
  for (const [file, playbook] of byFile) compiled.set(file, await compilePlaybookOf(playbook));
  for (const [file, playbook] of byFile) logPlaybook(playbook, file, log);
  return {
    playbookFor(message: ReceivedBy): CompiledPlaybook | undefined {
      const file = lines.fileFor(message);
      return file === undefined ? undefined : compiled.get(file);
    },
  };
}

/** Creates the function that returns the built-in playbook for a line that no playbook serves, and warns once of it. */
function createStandIn(log: Log): CurrentPlaybook {
  const warned = new Set<string>();
  let standIn: Promise<PlaybookForLine> | undefined;
  return ({ to, line, gateway }) => {
    const key = JSON.stringify([to, line, gateway]);
    if (!warned.has(key)) {
      warned.add(key);
      const of = [to === undefined ? [] : `number ${maskNumber(to)}`, line === undefined ? [] : `line ${line}`].flat();
      log.warn(
        { event: 'playbook.missing', gateway, ...(line !== undefined && { line }) },
        `No playbook serves ${[...of, `gateway ${gateway}`].join(', ')}: its texts get no replies but to requests ` +
          'such as STOP. Add it to the lines of a playbook',
      );
    }
    return (standIn ??= readStandIn().catch((error: unknown) => {
      standIn = undefined;
      throw error;
    }));
  };
}

const readStandIn = async (): Promise<PlaybookForLine> => ({
  ...(await compilePlaybookOf(await readPlaybook(defaultPlaybookFile))),
  isStandIn: true,
});

function isUnsettled({ changedAtMs }: Version): boolean {
  const age = Date.now() - changedAtMs;
  return age >= 0 && age < settledAfterMs;
}

function logPlaybook({ labels }: Playbook, file: string, log: Log): void {
  const templates = Object.values(labels).flatMap((rule) => Object.values(rule.templates ?? {}));
  const longest = Math.max(0, ...templates.map((template) => segmentsOf(template).segments));
  log.info(
    { event: 'playbook.read', file: path.basename(file), labels: Object.keys(labels), maxTemplateSegments: longest },
    `The playbook is ${file === defaultPlaybookFile ? 'the built-in one' : file}`,
  );
}
