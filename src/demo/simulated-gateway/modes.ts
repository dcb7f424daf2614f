import type { ScriptInput } from './step.js';

/** How the gateway responds when its script has no steps left. The mode stays until another one is set. */
export const modes = {
  works: {},
  refuses: { status: 400 },
  busy: { status: 429, retryAfter: 5 },
  breaks: { status: 500 },
  /** Accepts the reply but never responds, so that the reply becomes uncertain. */
  hangs: { hang: true },
  resets: { reset: 'before' },
} as const satisfies Record<string, Omit<ScriptInput[number], 'times'>>;

export type Mode = keyof typeof modes;
