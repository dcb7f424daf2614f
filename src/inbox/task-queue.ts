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
  /** How often Temporal returned after a start of this message had failed. */
  returns: number;
}

/** A start that fails again after that many returns of Temporal fails because of its message. */
export const maxReturns = 2;

/** The maximum number of failed messages in memory: then only they are tried until Temporal is back. */
const maxFailed = 200;

/** The messages to forward next, oldest first. Those that failed wait until Temporal is back. */
export function createTaskQueue() {
  let waiting: Task[] = [];
  let failed: Task[] = [];

  return {
    add: (tasks: readonly Task[]) => void waiting.push(...tasks),
    addFailed: (task: Task) => void failed.push(task),

    /** Takes the next message: one that has failed only when there is no other. */
    next: () => waiting.shift() ?? failed.shift(),

    /** Puts the failed messages first. */
    temporalReturned(): void {
      for (const task of failed) task.returns++;
      waiting = failed.sort((one, other) => one.entry.seq - other.entry.seq).concat(waiting);
      failed = [];
    },

    /** Removes and returns the messages that match. */
    remove(matches: (task: Task) => boolean): Task[] {
      const removed = [...waiting, ...failed].filter(matches);
      waiting = waiting.filter((task) => !matches(task));
      failed = failed.filter((task) => !matches(task));
      return removed;
    },

    isEmpty: () => waiting.length + failed.length === 0,
    wantsMore: () => waiting.length === 0 && failed.length < maxFailed,
  };
}

export type TaskQueue = ReturnType<typeof createTaskQueue>;
