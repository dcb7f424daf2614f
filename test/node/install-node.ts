import { execFile } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../kit/program.js';

const run = promisify(execFile);

/** A Node of another version. */
export interface InstalledNode {
  /** Folder of the program `node`. */
  bin: string;
  /** Folder with its headers, which better-sqlite3 is compiled with. */
  headers: string;
  /** The whole version, such as `24.21.0`. */
  version: string;
}

/**
 * Installs the newest Node of a major version into a cache. The npm package `node` is only a script that installs one
 * of these packages, each with the program and its headers for one platform.
 */
export async function installNode(major: number): Promise<InstalledNode> {
  const folder = path.join(projectFolder, 'node_modules/.cache/node', String(major));
  const name = packageOf(process.platform, process.arch);
  await mkdir(folder, { recursive: true });
  await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${major}`]);
  const headers = path.join(folder, 'node_modules', name);
  const bin = path.join(headers, 'bin');
  await access(path.join(headers, 'include/node/node_version.h'));
  const { stdout } = await run(path.join(bin, 'node'), ['--version']);
  return { bin, headers, version: stdout.trim().replace('v', '') };
}

function packageOf(platform: string, arch: string): string {
  return `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`;
}
