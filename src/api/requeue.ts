import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { InboundMessage } from '../message.js';
import { readDelivery } from './delivery.js';
import type { Delivery } from './intake.js';
import { isEvent } from './posted-event.js';

/** What an operator corrects in a text before it is read again. */
export interface Mending {
  guid?: string | undefined;
  number?: string | undefined;
  message?: string | undefined;
}

export interface QuarantinedText {
  reason: string;
  /** As it came. */
  raw: Uint8Array;
}

/** The reason of a GUID that came again with another text; such an entry is an accepted message, in our own words. */
const guidConflict = 'guid-conflict';

/**
 * Reads an entry of the quarantine once more, by what reads the webhook's posts. It counts as accepted now: who asks for it
 * wants it answered.
 *
 * @throws {ProblemError} when it still cannot be read, or the mending does not fit it
 */
export function readAgain(entry: QuarantinedText, mending: Mending, now: Date): Delivery {
  const mends = Object.values(mending).some((value) => value !== undefined);
  if (entry.reason === guidConflict) return readDelivery(asBody(mended(asPosted(entry.raw), mending)), now);
  return readDelivery(mends ? asBody(mended(parsed(entry.raw) ?? {}, mending)) : Buffer.from(entry.raw), now);
}

/** The GUID and the number of an entry, where they can be told. */
export function namesIn({ raw }: Pick<QuarantinedText, 'raw'>): { guid?: string | undefined; number?: string | undefined } {
  const posted = parsed(raw);
  const from = named.safeParse(posted && isEvent(posted) ? dataOf(posted) : posted);
  return from.success ? { guid: from.data.guid, number: from.data.number ?? from.data.from } : {};
}

const name = z.union([z.string(), z.number().transform(String)]).optional().catch(undefined);
const named = z.object({ guid: name, number: name, from: name });

function parsed(raw: Uint8Array): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(raw).toString());
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function mended(posted: Record<string, unknown>, { guid, number, message }: Mending): Record<string, unknown> {
  if ('messages' in posted) throw new ProblemError('invalid-messages', { detail: 'It is a batch, of which single fields cannot be set.' });
  const set = (fields: Record<string, string | undefined>) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return isEvent(posted) ? { ...posted, data: { ...dataOf(posted), ...set({ guid, from: number, message }) } } : { ...posted, ...set({ guid, number, message }) };
}

const dataOf = (event: object): object => ('data' in event && typeof event.data === 'object' && event.data !== null ? event.data : {});

/**
 * As the gateway posts it, with a GUID of its own, since the old one is another text's. Asked for twice it is the same GUID, and
 * so a duplicate.
 */
function asPosted(raw: Uint8Array): Record<string, unknown> {
  const { guid, number, text, date, hour, timeReceived } = JSON.parse(Buffer.from(raw).toString()) as InboundMessage;
  const own = `${guid.slice(0, longestGuid - 9)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return { guid: own, number, message: text, date, hour, time_received: timeReceived };
}

const longestGuid = 1_000;

const asBody = (posted: Record<string, unknown>) => Buffer.from(JSON.stringify(posted));
