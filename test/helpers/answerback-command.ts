import { spawn } from 'node:child_process';
import path from 'node:path';
import { inject } from 'vitest';

export interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** An empty folder in which the product is installed. */
const folder = inject('packedFolder');

/** The product as its tarball has it; the suite packs and unpacks it once. */
export const packed = {
  folder,
  /** Runs `answerback`, with only these variables set. On a terminal both streams are `stdout`. */
  answerback(
    args: readonly string[],
    env: Record<string, string> = {},
    { input = '', cwd = folder, terminal = false } = {},
  ): Promise<Ran> {
    const bin = path.join(folder, 'node_modules/answerback/dist/cli/main.js');
    if (!terminal) return runToEnd(bin, args, env, { input, cwd });
    const command = [bin, ...args].map((word) => `'${word}'`).join(' ');
    return runToEnd('script', ['--quiet', '--return', '--command', command, '/dev/null'], env, { input, cwd });
  },
};

function runToEnd(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  { input, cwd }: { input: string; cwd: string },
): Promise<Ran> {
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
