import type { SenderOf } from '../domain/sender.js';
import { loadLanguages } from '../rules/language.js';
import { type CompiledPlaybook, compilePlaybook } from './compile.js';
import { defaultPlaybookFile, playbookFilesIn } from './files.js';
import { createLines, type Lines } from './lines.js';
import { parsePlaybook, PlaybookError, PlaybooksError } from './parse.js';
import { languagesOf, type Playbook } from './playbook.js';
import { readUtf8 } from './read-utf8.js';

/** All playbooks in use. */
export interface Playbooks {
  /** By their files, in the order of the names. */
  byFile: ReadonlyMap<string, Playbook>;
  /** Who serves what. */
  lines: Lines;
}

/**
 * Reads and checks a playbook file, or all playbooks of a folder.
 *
 * @param senderOf compares the numbers that the playbooks serve
 * @throws {PlaybookError} with the mistakes of all files, also when two of them serve the same line
 */
export async function readPlaybooks(fileOrFolder: string, senderOf: SenderOf): Promise<Playbooks> {
  const lines = createLines(senderOf);
  const byFile = new Map<string, Playbook>();
  const errors: PlaybookError[] = [];
  // In turn: a line that is claimed twice is a mistake of the second file.
  for (const file of await playbookFilesIn(fileOrFolder)) {
    try {
      byFile.set(file, await readPlaybook(file, lines));
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new PlaybooksError(errors);
  return { byFile, lines };
}

/**
 * Reads and checks a playbook file. What it leaves out of `requests` comes from the built-in playbook.
 *
 * @param lines gets the lines that it serves, and says which other file serves them already
 */
export async function readPlaybook(file: string, lines?: Lines): Promise<Playbook> {
  const builtIn = file === defaultPlaybookFile ? undefined : await readPlaybook(defaultPlaybookFile);
  const text = await readUtf8(file, 'set PLAYBOOK to a playbook file, or remove it', PlaybookError);
  return parsePlaybook(text, file, builtIn, lines);
}

/**
 * Compiles a playbook; loads the language detection when the playbook has several languages. See {@link
 * compilePlaybook}.
 */
export async function compilePlaybookOf(playbook: Playbook): Promise<CompiledPlaybook> {
  return compilePlaybook(playbook, languagesOf(playbook).length > 1 ? await loadLanguages() : undefined);
}
