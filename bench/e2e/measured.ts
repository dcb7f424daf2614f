import { median } from '../report/statistics.js';

/** The measurements of one side in one round. */
export interface Round {
  /** The number of messages in a burst, divided by the time from the first acknowledgement to the last reply. */
  messagesPerSecond: number;
  /** Times from acknowledgement to reply, in milliseconds, with one message at a time. */
  idleMs: number[];
}

/** One side of the comparison: submits messages and measures when their replies are sent. */
export interface Side {
  throughput(messages: number): Promise<number>;
  idle(samples: number): Promise<number[]>;
}

/** Measures one round of a side. */
export async function measureRound(side: Side, { messages, samples }: RoundSize): Promise<Round> {
  return { idleMs: await side.idle(samples), messagesPerSecond: await side.throughput(messages) };
}

export interface RoundSize {
  /** The messages of the burst. */
  messages: number;
  /** The messages that are sent one at a time. */
  samples: number;
}

export function summary(rounds: readonly Round[]) {
  return {
    messagesPerSecond: median(rounds.map(({ messagesPerSecond }) => messagesPerSecond)),
    idleMs: median(rounds.map(({ idleMs }) => median(idleMs))),
    rounds,
  };
}

export type Summary = ReturnType<typeof summary>;
