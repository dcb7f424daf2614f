import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log.js';
import { loadLanguages } from '../rules/language.js';
import { parsePlaybook, PlaybookError } from './parse.js';
import { languagesOf, type Playbook } from './playbook.js';
import { type PreparedPlaybook, preparePlaybook } from './prepare.js';
import { segmentsOf } from './segments.js';

/** The playbook as it is now. */
export type CurrentPlaybook = () => Promise<PreparedPlaybook>;

/** The built-in playbook, a file like any other. */
export const defaultPlaybookFile = fileURLToPath(new URL('../../playbooks/default.yaml', import.meta.url));

/** What a folder holds where its owner has written one. */
const usualFile = 'playbook.yaml';

/** A file that changed just now may be half written. */
const settledAfterMs = 250;

/**
 * The file to use: the one that is named, else `playbook.yaml` in this folder, else the built-in one.
 */
export async function findPlaybookFile(named?: string): Promise<string> {
  if (named !== undefined) return named;
  const isThere = await stat(usualFile).then(() => true, () => false);
  return isThere ? usualFile : defaultPlaybookFile;
}

/**
 * Opens the playbook to use. It is read anew after its file has changed, or where `playbook.yaml` has come to stand in for the
 * built-in one; while it then is wrong or gone, the one that was read last goes on, and the log says so once.
 *
 * @param named as for {@link findPlaybookFile}
 * @throws {PlaybookError} when the file is wrong from the start, or not there
 */
export async function openPlaybook(named: string | undefined, log: Log): Promise<CurrentPlaybook> {
  let file = await findPlaybookFile(named);
  let seen = await versionOf(file);
  let current = await preparePlaybookOf(await readPlaybook(file));
  tell(current, file, log);
  let reading: Promise<void> | undefined;

  async function look(): Promise<void> {
    // One of the user's own stays, also while an editor has it away for a moment.
    if (file === defaultPlaybookFile) file = await findPlaybookFile(named);
    const version = await versionOf(file);
    if (version.name === seen.name || isUnsettled(version)) return;
    seen = version;
    try {
      current = await preparePlaybookOf(await readPlaybook(file));
      tell(current, file, log);
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      log.error({ event: 'playbook.wrong' }, `The playbook has changed and cannot be used; the one before goes on:\n${error.message}`);
    }
  }

  return async () => {
    reading ??= look().finally(() => (reading = undefined));
    await reading;
    return current;
  };
}

/** Reads and checks a playbook file. */
export async function readPlaybook(file: string): Promise<Playbook> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new PlaybookError(file, [{ line: 1, column: 1, what: `the file cannot be read (${(error as NodeJS.ErrnoException).code}): set PLAYBOOK to a playbook file, or leave it out` }]);
  }
  return parsePlaybook(decode(bytes, file), file);
}

function decode(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PlaybookError(file, [{ line: 1, column: 1, what: 'not UTF-8: save the file as UTF-8' }]);
  }
}

/** @see {@link preparePlaybook}; loads what tells its languages apart, where it has several. */
export async function preparePlaybookOf(playbook: Playbook): Promise<PreparedPlaybook> {
  return preparePlaybook(playbook, languagesOf(playbook).length > 1 ? await loadLanguages() : undefined);
}

interface Version {
  name: string;
  changedAtMs: number;
}

async function versionOf(file: string): Promise<Version> {
  const found = await stat(file).catch(() => undefined);
  return found ? { name: `${found.ino} ${found.size} ${found.mtimeMs}`, changedAtMs: found.mtimeMs } : { name: 'none', changedAtMs: 0 };
}

function isUnsettled({ changedAtMs }: Version): boolean {
  const age = Date.now() - changedAtMs;
  return age >= 0 && age < settledAfterMs;
}

function tell({ labels }: Playbook, file: string, log: Log): void {
  const answers = Object.values(labels).flatMap((rule) => Object.values(rule.answers ?? {}));
  const longest = Math.max(0, ...answers.map((answer) => segmentsOf(answer).segments));
  log.info({ event: 'playbook.read', file: path.basename(file), labels: Object.keys(labels), longestAnswerSms: longest }, `The playbook is ${file === defaultPlaybookFile ? 'the built-in one' : file}`);
}
