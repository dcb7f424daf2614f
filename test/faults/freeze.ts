import { readdir, readFile } from 'node:fs/promises';
import { eventually } from '../kit/eventually.js';

/** Stops processes where they are, and waits until no thread of theirs does anything any more. */
export async function freeze(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  for (const pid of pids) await eventually(async () => (await threadStates(pid)).every((state) => state === 'T'));
}

async function threadStates(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  return stats.map((stat) => stat.slice(stat.lastIndexOf(')') + 2).charAt(0));
}
