import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '../log/log.js';
import { loadLanguages } from '../rules/language.js';
import { parsePlaybook, PlaybookError } from './parse.js';
import { languagesOf, type Playbook } from './playbook.js';
import { type CompiledPlaybook, compilePlaybook } from './compile.js';
import { readUtf8 } from './read-utf8.js';
import { segmentsOf } from './segments.js';

/** Returns the current playbook; reads its file again after a change. */
export type CurrentPlaybook = () => Promise<CompiledPlaybook>;

/** The built-in playbook, a file like any other. */
export const defaultPlaybookFile = fileURLToPath(new URL('../../playbooks/default.yaml', import.meta.url));

/** The name of the user's own playbook in the current folder. */
const usualFile = 'playbook.yaml';

/**
 * A file is read this long after its last change at the earliest, in milliseconds: before that, it may be half written.
 */
const settledAfterMs = 250;

/** Returns the file to use: the named one, else `playbook.yaml` in the current folder, else the built-in one. */
export async function findPlaybookFile(named?: string): Promise<string> {
  if (named !== undefined) return named;
  const isThere = await stat(usualFile).then(
    () => true,
    () => false,
  );
  return isThere ? usualFile : defaultPlaybookFile;
}

/**
 * Opens the playbook to use. It is read again after its file has changed, and when `playbook.yaml` is created and
 * replaces the built-in one. If the new file is wrong or missing, the last valid playbook stays in use, and the log
 * says so once.
 *
 * @param named as for {@link findPlaybookFile}
 * @throws {PlaybookError} when the file is wrong or missing at the start
 */
export async function openPlaybook(named: string | undefined, log: Log): Promise<CurrentPlaybook> {
  let file = await findPlaybookFile(named);
  let seen = await versionOf(file);
  let current = await compilePlaybookOf(await readPlaybook(file));
  logPlaybook(current, file, log);
  let reading: Promise<void> | undefined;

  async function reloadIfChanged(): Promise<void> {
    // The user's own file stays selected, even while an editor removes it for a moment.
    if (file === defaultPlaybookFile) file = await findPlaybookFile(named);
    const version = await versionOf(file);
    if (version.name === seen.name || isUnsettled(version)) return;
    seen = version;
    try {
      current = await compilePlaybookOf(await readPlaybook(file));
      logPlaybook(current, file, log);
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      log.error(
        { event: 'playbook.rejected' },
        `The changed playbook can't be used; the previous one stays in use:\n${error.message}`,
      );
    }
  }

  return async () => {
    reading ??= reloadIfChanged().finally(() => (reading = undefined));
    await reading;
    return current;
  };
}

/** Reads and checks a playbook file. What it leaves out of `requests` comes from the built-in playbook. */
export async function readPlaybook(file: string): Promise<Playbook> {
  const builtIn = file === defaultPlaybookFile ? undefined : await readPlaybook(defaultPlaybookFile);
  const text = await readUtf8(file, 'set PLAYBOOK to a playbook file, or remove it', PlaybookError);
  return parsePlaybook(text, file, builtIn);
}

/**
 * Compiles a playbook; loads the language detection when the playbook has several languages. See {@link
 * compilePlaybook}.
 */
export async function compilePlaybookOf(playbook: Playbook): Promise<CompiledPlaybook> {
  return compilePlaybook(playbook, languagesOf(playbook).length > 1 ? await loadLanguages() : undefined);
}

interface Version {
  name: string;
  changedAtMs: number;
}

async function versionOf(file: string): Promise<Version> {
  const found = await stat(file).catch(() => undefined);
  return found
    ? { name: `${found.ino} ${found.size} ${found.mtimeMs}`, changedAtMs: found.mtimeMs }
    : { name: 'none', changedAtMs: 0 };
}

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
