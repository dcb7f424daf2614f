import { jsonOf } from '../parse.js';
import { z } from 'zod';
import { ProblemError } from '../../http/problem.js';
import type { Corrections } from '../gateway.js';

const anObject = z.record(z.string(), z.unknown());
const anEvent = anObject.catch({});
const name = z.string().min(1).optional().catch(undefined);
const named = z.object({
  payload: z.object({ messageId: name, sender: name, phoneNumber: name }).catch({}),
});

/** @see {@link Inbound.namesIn} */
export function namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined } {
  const { success, data } = named.safeParse(jsonOf(raw));
  return success ? { guid: data.payload.messageId, number: data.payload.sender ?? data.payload.phoneNumber } : {};
}

/** @see {@link Inbound.correct} */
export function correct(raw: Uint8Array, { guid, number, message }: Corrections): Buffer {
  if (guid !== undefined) {
    throw new ProblemError('invalid-messages', {
      detail: "The id of a text of SMSGate can't be set: it is made of the phone, the number, the time and the text.",
    });
  }
  const posted = anEvent.parse(jsonOf(raw));
  const payload = anEvent.parse(posted['payload']);
  return Buffer.from(
    JSON.stringify({
      ...posted,
      payload: {
        ...payload,
        ...(number !== undefined && { sender: number }),
        ...(message !== undefined && { message }),
      },
    }),
  );
}
