import type { ScriptInput } from './script.js';

/** How the gateway goes on once its script has run out, until it is told another way. */
export const modes = {
  works: {},
  refuses: { status: 400 },
  busy: { status: 429, retryAfter: 5 },
  breaks: { status: 500 },
  /** It takes the reply, and says nothing: what makes a reply uncertain. */
  hangs: { hang: true },
  resets: { reset: 'before' },
} as const satisfies Record<string, Omit<ScriptInput[number], 'times'>>;

export type Mode = keyof typeof modes;
