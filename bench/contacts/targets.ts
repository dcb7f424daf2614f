/** How much more one side may cost than another. */
export interface Limits {
  /** The most that the ratio of processor times may be, and that of the times for the same messages. */
  ratio: number;
  /** The most that a reply to one message at a time may take longer, in milliseconds. */
  moreIdleMs: number;
}

export const limits = {
  /** Everything on, compared with everything off. */
  on: { ratio: 1.07, moreIdleMs: 5 },
  /** Idle opt-outs must change nothing; this allows for noise. */
  optOuts: { ratio: 1.05, moreIdleMs: 2 },
} as const satisfies Record<string, Limits>;

/** With one pause that ends for each so many messages, the target of everything on must be met, too. */
export const messagesPerPause = 20;
