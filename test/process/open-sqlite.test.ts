import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isUncompiled } from '../../src/process/open-sqlite.js';
import { projectFolder } from '../kit/program.js';

/** What better-sqlite3 is made of when npm has not run its script. */
const withoutScript = ['better-sqlite3/package.json', 'better-sqlite3/lib', 'bindings', 'file-uri-to-path'];

it('SQLite that npm has not compiled is told from a file that can’t be opened', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-sqlite-'));
  try {
    const modules = path.join(folder, 'node_modules');
    for (const part of withoutScript)
      await cp(path.join(projectFolder, 'node_modules', part), path.join(modules, part), { recursive: true });
    const errorOf = (from: string): Error => {
      const Database = createRequire(from)('better-sqlite3') as new (file: string) => unknown;
      try {
        return new Error(`opened ${String(new Database(path.join(folder, 'no-folder/file')))}`);
      } catch (error) {
        return error as Error;
      }
    };
    expect(isUncompiled(errorOf(path.join(folder, 'index.js')))).toBe(true);
    expect(isUncompiled(errorOf(path.join(projectFolder, 'index.js')))).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});
