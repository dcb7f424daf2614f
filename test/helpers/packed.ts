import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

export interface Packed {
  /** An empty folder but for what is installed. */
  folder: string;
  tarball: string;
  /** Runs `answerback`, with nothing set but what is named here. On a terminal its streams are one, `stdout`. */
  answerback(args: readonly string[], env?: Record<string, string>, options?: { input?: string; cwd?: string; terminal?: boolean }): Promise<Ran>;
  remove(): Promise<void>;
}

/** The tarball of the suite's build, unpacked into an empty folder beside the packages that the project has installed. */
export async function packAndUnpack(): Promise<Packed> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-packed-'));
  const tarball = await pack(folder);
  const modules = path.join(folder, 'node_modules');
  const installed = path.join(modules, 'answerback');
  await mkdir(installed, { recursive: true });
  await run('tar', ['xzf', tarball, '--strip-components=1', '--directory', installed]);
  const packages = (await readdir(path.join(projectFolder, 'node_modules'))).filter((name) => !name.startsWith('.') && name !== 'answerback');
  for (const name of packages) await symlink(path.join(projectFolder, 'node_modules', name), path.join(modules, name));
  const bin = path.join(installed, 'dist/cli/main.js');
  // As npm does for what `bin` names.
  await chmod(bin, 0o755);
  return {
    folder,
    tarball,
    answerback(args, env = {}, { input = '', cwd = folder, terminal = false } = {}) {
      if (!terminal) return runToEnd(bin, args, env, { input, cwd });
      return runToEnd('script', ['--quiet', '--return', '--command', [bin, ...args].map((word) => `'${word}'`).join(' '), '/dev/null'], env, { input, cwd });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** `npm pack` of what the suite has built. */
export async function pack(into: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', into], { cwd: projectFolder, maxBuffer: 10_000_000 });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return path.join(into, filename);
}

/** Removes what npx has kept for a package in this folder. */
export async function forgetInstalled(folder: string): Promise<void> {
  const cache = path.join((await run('npm', ['config', 'get', 'cache'])).stdout.trim(), '_npx');
  for (const name of await readdir(cache).catch(() => [])) {
    const asked = await readFile(path.join(cache, name, 'package.json'), 'utf8').catch(() => '');
    if (asked.includes(path.basename(folder))) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

function runToEnd(program: string, args: readonly string[], env: Record<string, string>, { input, cwd }: { input: string; cwd: string }): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, args, { cwd, env: { PATH, HOME, ...env }, stdio: 'pipe' });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
  });
}

/** Without what differs from run to run: GUIDs, ids, times, ports and folders. */
export function normalized(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>')
    .replace(/\b[0-9a-f]{40}\b/g, '<gateway id>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/(127\.0\.0\.1|localhost):\d+/g, '$1:<port>')
    .replace(/_PORT \d+|\bPORT \d+/g, (port) => port.replace(/\d+/, '<port>'))
    .replace(/\/[^\s"]*\/answerback-data-\w+/g, '<folder>')
    .replace(/\d+ MB free/g, '<n> MB free')
    .replace(/Node \d+\.\d+\.\d+/g, 'Node <version>')
    .replace(/\/[^\s"]*\/temporal, server [\d.]+/g, '<binary>');
}
