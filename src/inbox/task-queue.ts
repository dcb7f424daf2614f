import type { Apart } from './entries.js';

/** An entry of which some messages are not forwarded yet. */
export interface OpenEntry {
  seq: number;
  messages: number;
  /** The number of messages that are neither forwarded nor set apart. */
  open: number;
  apart: Apart[];
}

/** A message to forward. */
export interface Task {
  entry: OpenEntry;
  /** The message as JSON. */
  line: string;
  /** Whether it was stuck when it was read. */
  isStuck: boolean;
  /** How often its start failed. */
  failures: number;
  /** How many starts had succeeded when it failed first. */
  successesBefore: number;
  /** How often its start failed after others had succeeded since. */
  failuresAlone: number;
}

/** The maximum number of failed messages in memory: then only they are tried until Temporal is back. */
const maxFailed = 200;

/** Behind a backlog, every fourth start is of one of the newest messages. */
const freshShare = 4;

/** The maximum size of the newest messages in memory, in characters. Behind a backlog, the others wait their turn. */
const maxFreshChars = 4_000_000;

/** The messages to forward next, oldest first, but for the share of the newest ones. */
export function createTaskQueue() {
  let waiting: Task[] = [];
  let failed: Task[] = [];
  let fresh: Task[] = [];
  let freshChars = 0;
  let taken = 0;

  function takeFresh(): Task | undefined {
    const task = fresh.pop();
    freshChars -= task?.line.length ?? 0;
    return task;
  }

  return {
    add: (tasks: readonly Task[]) => void waiting.push(...tasks),
    addFailed: (task: Task) => void failed.push(task),

    /** Adds messages that were accepted just now, while older ones aren't even read. */
    addFresh(tasks: readonly Task[]): void {
      for (const task of tasks) freshChars += task.line.length;
      fresh.push(...tasks);
    },
    hasRoomForFresh: () => freshChars < maxFreshChars,

    /** Takes the next message. With `failedToo`, one that has failed when there is no other. */
    next({ failedToo }: { failedToo: boolean }): Task | undefined {
      const isFreshTurn = (taken + 1) % freshShare === 0;
      const task = (isFreshTurn ? takeFresh() : undefined) ?? waiting.shift() ?? takeFresh();
      if (task) taken++;
      return task ?? (failedToo ? failed.shift() : undefined);
    },

    /** Puts the failed messages first. */
    retryFailed(): void {
      waiting = failed.sort((one, other) => one.entry.seq - other.entry.seq).concat(waiting);
      failed = [];
    },

    /** Removes and returns the messages that match. */
    remove(matches: (task: Task) => boolean): Task[] {
      const removed = [...waiting, ...failed, ...fresh].filter(matches);
      const isKept = (task: Task) => !matches(task);
      waiting = waiting.filter(isKept);
      failed = failed.filter(isKept);
      fresh = fresh.filter(isKept);
      freshChars = fresh.reduce((sum, { line }) => sum + line.length, 0);
      return removed;
    },

    isAllFailed: () => waiting.length + fresh.length === 0,
    isEmpty: () => waiting.length + failed.length + fresh.length === 0,
    wantsMore: () => waiting.length === 0 && failed.length < maxFailed,
  };
}

export type TaskQueue = ReturnType<typeof createTaskQueue>;
