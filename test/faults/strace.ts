import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../kit/eventually.js';

/**
 * Makes every call of these system calls by a process go wrong in one way, such as `delay_enter=300000` (microseconds)
 * or `error=EIO`, from now on until the function returned is called or the process ends. `:when=1` means the first one
 * only.
 */
export async function inject(pid: number, calls: string, fault: string): Promise<() => Promise<void>> {
  const args = [
    '--follow-forks',
    '--attach',
    String(pid),
    '--trace',
    calls,
    '--inject',
    `${calls}:${fault}`,
    '--output',
    '/dev/null',
  ];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(strace, 'exit');
  let words = '';
  strace.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  await eventually(() => {
    if (strace.exitCode !== null) throw new Error(`strace does not attach: ${words}`);
    return words.includes(`Process ${pid} attached`);
  });
  return async () => {
    strace.kill('SIGTERM');
    await ended;
  };
}
