import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { receiptStates } from '../../domain/receipt.js';

const headers = z.record(z.string(), z.string()).refine(areSendable, 'expected headers that a server can send');

/**
 * How the gateway responds to one request. By default it accepts the text and responds at once like the provider: 200.
 */
const step = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  /** A string is sent unchanged, any other value as JSON. */
  body: z.unknown().optional(),
  headers: headers.optional(),
  /** The Retry-After header: seconds, or an HTTP date. */
  retryAfter: z.union([z.int().min(0), z.string()]).optional(),
  /** The time between accepting the text and responding. */
  delayMs: z.int().min(0).max(600_000).optional(),
  /** Whether the text is accepted. Default: true when the status is 2xx and `reset` isn't `before`. */
  accept: z.boolean().optional(),
  /** Resets the connection after reading the request, before or after accepting the text. */
  reset: z.enum(['before', 'after']).optional(),
  /** Never responds. */
  hang: z.boolean().optional(),
  /** Sends the body one byte at a time. */
  drip: z.boolean().optional(),
  /** Closes the connection in the middle of the body. */
  truncate: z.boolean().optional(),
  /** The receipts that follow when the text is accepted, in this order; the same one twice is posted twice. */
  receipts: z.array(z.enum(receiptStates)).max(100).optional(),
  /** How long after the response they follow. */
  receiptsAfterMs: z.int().min(0).max(600_000).optional(),
  /** How many requests in a row use this step. */
  times: z.int().min(1).default(1),
});

export const scriptSchema = z.array(step).max(10_000);
export type Step = z.infer<typeof step>;

/** A script before parsing: all fields are optional. */
export type ScriptInput = z.input<typeof scriptSchema>;

/** Tells whether the gateway accepts the text in this step. */
export function accepts({ accept, reset, status = 200 }: Step): boolean {
  return accept ?? (reset ? reset === 'after' : status < 300);
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
