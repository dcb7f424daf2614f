import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { type Mode, modes } from './modes.js';

const headers = z.record(z.string(), z.string()).refine(areSendable, 'a header no server could send');

/** How one request goes. What a step leaves out is as usual: accepted, 200, the provider's answer, at once. */
const step = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  /** A string goes out as it is, anything else as JSON. */
  body: z.unknown().optional(),
  headers: headers.optional(),
  /** Short for the header: seconds, or an HTTP date. */
  retryAfter: z.union([z.int().min(0), z.string()]).optional(),
  /** Between accepting the text and answering. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Whether the text counts as accepted. By default it does where the status is 2xx and no reset comes before. */
  accept: z.boolean().optional(),
  /** Resets the connection, the request read, before or after accepting the text. */
  reset: z.enum(['before', 'after']).optional(),
  /** Never answers. */
  hang: z.boolean().optional(),
  /** Answers a byte at a time. */
  drip: z.boolean().optional(),
  /** Closes the connection in the middle of the answer's body. */
  truncate: z.boolean().optional(),
  /** How many requests in a row go this way. */
  times: z.int().min(1).default(1),
});

export const scriptSchema = z.array(step).max(10_000);
export type Step = z.infer<typeof step>;

/** As a test writes it, with nothing required. */
export type ScriptInput = z.input<typeof scriptSchema>;

export function accepts({ accept, reset, status = 200 }: Step): boolean {
  return accept ?? (reset ? reset === 'after' : status < 300);
}

/** The steps still to come; `next` uses one up, and goes on as the mode says when none is left. */
export function createScript() {
  let steps: Step[] = [];
  let mode: Mode = 'works';
  return {
    get mode() {
      return mode;
    },
    setMode(next: Mode) {
      mode = next;
    },
    set(next: ScriptInput) {
      steps = scriptSchema.parse(next);
    },
    left: (): readonly Step[] => steps,
    next(): Step {
      const [first, ...rest] = steps;
      if (!first) return { times: 1, ...modes[mode] };
      steps = first.times > 1 ? [{ ...first, times: first.times - 1 }, ...rest] : rest;
      return first;
    },
  };
}

function areSendable(all: Record<string, string>): boolean {
  try {
    for (const [name, value] of Object.entries(all)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}
