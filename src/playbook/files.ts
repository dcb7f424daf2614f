import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlaybookError } from './parse.js';

/** The built-in playbook, a file like any other. */
export const defaultPlaybookFile = fileURLToPath(new URL('../../playbooks/default.yaml', import.meta.url));

/** The name of the user's own playbook in the current folder. */
const usualFile = 'playbook.yaml';

/** Without the hidden files that editors and Kubernetes put beside them. */
const playbookName = /^[^.].*\.ya?ml$/;

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
 * Returns the playbook files that a name stands for: those of a folder, in the order of their names, or the file
 * itself, which need not exist.
 *
 * @throws {PlaybookError} when the folder can't be read or has no playbook
 */
export async function playbookFilesIn(fileOrFolder: string): Promise<string[]> {
  const found = await stat(fileOrFolder).catch(() => undefined);
  if (!found?.isDirectory()) return [fileOrFolder];
  const failure = (what: string) => new PlaybookError(fileOrFolder, [{ line: 1, column: 1, what }]);
  const names = await readdir(fileOrFolder).catch((error: NodeJS.ErrnoException) => {
    throw failure(`the folder can't be read (${error.code}): set PLAYBOOK to another one, or remove it`);
  });
  const files = names.filter((name) => playbookName.test(name)).sort();
  if (files.length === 0)
    throw failure('the folder has no playbook: expected a file that ends in .yaml or .yml; put one there');
  return files.map((name) => path.join(fileOrFolder, name));
}

/** What tells a state of a file or folder from another one. */
export interface Version {
  name: string;
  /** In Unix milliseconds. */
  changedAtMs: number;
}

/** Returns the version of a playbook file, or of a folder with all of its playbooks. */
export async function versionOf(fileOrFolder: string): Promise<Version> {
  const files = await playbookFilesIn(fileOrFolder).catch(() => []);
  // The time of the folder too: a file that is gone may only be on its way back.
  const versions = await Promise.all([...new Set([fileOrFolder, ...files])].map(versionOfOne));
  return {
    name: versions.map(({ name }) => name).join('\n'),
    changedAtMs: Math.max(...versions.map(({ changedAtMs }) => changedAtMs)),
  };
}

async function versionOfOne(place: string): Promise<Version> {
  const found = await stat(place).catch(() => undefined);
  if (!found) return { name: `${place} none`, changedAtMs: 0 };
  // Other files in the folder say nothing of the playbooks.
  const name = found.isDirectory() ? '' : `${found.ino} ${found.size} ${found.mtimeMs}`;
  return { name: `${place} ${name}`, changedAtMs: found.mtimeMs };
}
