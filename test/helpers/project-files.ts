import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../kit/program.js';

/** Files of this repository, by their paths from its root. */
export const read = (file: string): string => readFileSync(path.join(projectFolder, file), 'utf8');
export const isThere = (file: string): boolean => existsSync(path.join(projectFolder, file));

const markdownIn = (folder: string) =>
  readdirSync(path.join(projectFolder, folder)).filter((name) => name.endsWith('.md'));

/** Every page that people read. */
export const documents = [...markdownIn('.'), ...markdownIn('docs').map((name) => `docs/${name}`)].filter(
  (name) => name !== 'CHANGELOG.md',
);
