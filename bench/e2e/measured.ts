import { median } from '../report/statistics.js';

/** What one side achieved in one round. */
export interface Round {
  /** Of a burst: messages over the time from the first hand-over to the last reply. */
  messagesPerSecond: number;
  /** One at a time, hand-over to reply, in milliseconds. */
  idleMs: number[];
}

/** One side of the comparison: hands messages over and knows when their replies go out. */
export interface Side {
  throughput(messages: number): Promise<number>;
  idle(samples: number): Promise<number[]>;
}

export function summary(rounds: readonly Round[]) {
  return {
    messagesPerSecond: median(rounds.map(({ messagesPerSecond }) => messagesPerSecond)),
    idleMs: median(rounds.map(({ idleMs }) => median(idleMs))),
    rounds,
  };
}

export type Summary = ReturnType<typeof summary>;
