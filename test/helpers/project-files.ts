import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../kit/program.js';

/** Files of this repository, by their paths from its root. */
export const read = (file: string): string => readFileSync(path.join(projectFolder, file), 'utf8');
export const isThere = (file: string): boolean => existsSync(path.join(projectFolder, file));

/** All files of the repository, and those that git doesn't ignore and that are not committed yet. */
export const projectFiles = (): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: projectFolder,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
    .split('\0')
    // A file that is deleted, and that is not committed yet, is listed too.
    .filter((file) => file !== '' && isThere(file));

/** Copies the project as a fresh clone has it. */
export function copyProject(folder: string): void {
  for (const file of projectFiles()) cpSync(path.join(projectFolder, file), path.join(folder, file));
}

const markdownIn = (folder: string) =>
  readdirSync(path.join(projectFolder, folder)).filter((name) => name.endsWith('.md'));

/** Every page that people read. */
export const documents = [
  ...markdownIn('.').filter((name) => name !== 'CHANGELOG.md'),
  ...['docs', 'docs/decisions'].flatMap((folder) => markdownIn(folder).map((name) => `${folder}/${name}`)),
];
