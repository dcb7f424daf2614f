import { z } from 'zod';
import { ProblemError } from '../../http/problem.js';
import type { Corrections } from '../gateway.js';
import { isEvent } from './posted-event.js';

const name = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const named = z.object({ guid: name, number: name, from: name });

/** @see {@link Inbound.namesIn} */
export function namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined } {
  const posted = parsed(raw);
  const from = named.safeParse(posted && isEvent(posted) ? dataOf(posted) : posted);
  return from.success ? { guid: from.data.guid, number: from.data.number ?? from.data.from } : {};
}

/** @see {@link Inbound.correct} */
export function correct(raw: Uint8Array, { guid, number, message }: Corrections): Buffer {
  const posted = parsed(raw) ?? {};
  if ('messages' in posted) {
    throw new ProblemError('invalid-messages', {
      detail: "The entry is a batch: the fields of its messages can't be set.",
    });
  }
  const set = (fields: Record<string, string | undefined>) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return asBody(
    isEvent(posted)
      ? { ...posted, data: { ...dataOf(posted), ...set({ guid, from: number, message }) } }
      : { ...posted, ...set({ guid, number, message }) },
  );
}

function parsed(raw: Uint8Array): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(raw).toString());
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const dataOf = (event: object): object =>
  'data' in event && typeof event.data === 'object' && event.data !== null ? event.data : {};

const asBody = (posted: Record<string, unknown>) => Buffer.from(JSON.stringify(posted));
