import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a process so far, in milliseconds, by thread id (Linux). */
export type ThreadTimes = ReadonlyMap<string, number>;

/** Returns an empty map where the system doesn't count by thread. */
export function threadTimesOf(pid: number): ThreadTimes {
  try {
    return new Map(readdirSync(`/proc/${pid}/task`).map((thread) => [thread, threadTime(pid, thread)]));
  } catch {
    return new Map();
  }
}

/** Processor time of a process, in milliseconds. */
export interface UsedTime {
  main: number;
  /** The busiest of the other threads: in the api, the thread of the inbox. */
  busiest: number;
  /** All other threads: garbage collection, compilers, libuv. */
  others: number;
}

/** Returns what the process used between two moments. */
export function usedTime(pid: number, before: ThreadTimes, after: ThreadTimes): UsedTime {
  const used = [...after].map(([thread, ms]) => [thread, ms - (before.get(thread) ?? 0)] as const);
  const main = used.find(([thread]) => thread === String(pid))?.[1] ?? 0;
  const [busiest = 0, ...others] = used
    .filter(([thread]) => thread !== String(pid))
    .map(([, ms]) => ms)
    .sort((a, b) => b - a);
  return { main, busiest, others: others.reduce((sum, ms) => sum + ms, 0) };
}

/** https://docs.kernel.org/scheduler/sched-stats.html: the first field is the time on the processor, in nanoseconds. */
function threadTime(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
}
