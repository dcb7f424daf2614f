import { jsonOf } from '../parse.js';
import { z } from 'zod';
import type { Corrections } from '../gateway.js';

const text = z.string().optional().catch(undefined);
const named = z.object({
  data: z.object({
    payload: z.object({ id: text, from: z.object({ phone_number: text }).catch({ phone_number: undefined }) }),
  }),
});

/** @see {@link Inbound.namesIn} */
export function namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined } {
  const { data } = named.safeParse(objectOf(jsonOf(raw)));
  return data ? { guid: data.data.payload.id, number: data.data.payload.from.phone_number } : {};
}

/** @see {@link Inbound.correct} */
export function correct(raw: Uint8Array, { guid, number, message }: Corrections): Buffer {
  const event = objectOf(jsonOf(raw));
  const data = objectOf(event['data']);
  const payload = objectOf(data['payload']);
  const corrected = {
    ...payload,
    ...(guid !== undefined && { id: guid }),
    ...(number !== undefined && { from: { ...objectOf(payload['from']), phone_number: number } }),
    ...(message !== undefined && { text: message }),
  };
  return Buffer.from(JSON.stringify({ ...event, data: { ...data, payload: corrected } }));
}

const objectOf = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
