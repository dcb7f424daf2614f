import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { projectFolder } from './program.js';

/**
 * Packs better-sqlite3 as it is compiled here into this folder, as its releases are packed. Returns the variables with
 * which an installation takes it from there. Without them it is downloaded, or compiled for a minute where it can't be.
 */
export function compiledSqlite(folder: string): Record<string, string> {
  const installed = path.join(projectFolder, 'node_modules/better-sqlite3');
  const { version } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as { version: string };
  const platform = `node-v${process.versions.modules}-${process.platform}-${process.arch}`;
  const archive = path.join(folder, `better-sqlite3-v${version}-${platform}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', installed, 'build/Release/better_sqlite3.node']);
  return { npm_config_better_sqlite3_local_prebuilds: folder };
}
