import type { Payload } from '@temporalio/common';
// CommonJS without named exports that Node's ESM loader could see.
import proto from '@temporalio/proto';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';

const { Payload: payloadType } = proto.temporal.api.common.v1;

/** Payloads as protobuf's JSON has them: bytes are base64. */
const asked = z.object({ payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).nullish(), data: z.base64().nullish() })) });

/** @throws {ProblemError} 422 when it is no list of payloads */
export function readPayloads(json: unknown): Payload[] {
  const parsed = asked.safeParse(json);
  if (!parsed.success) throw new ProblemError('invalid-body', { detail: 'The body must be {"payloads": [{"metadata": {...}, "data": "..."}]}, with base64 in it.' });
  return parsed.data.payloads.map((payload) => payloadType.fromObject(payload));
}

export function writePayloads(payloads: readonly Payload[]): { payloads: unknown[] } {
  return { payloads: payloads.map((payload) => payloadType.toObject(payloadType.fromObject(payload), { bytes: String })) };
}

/** What an operator reads where a payload does not open. */
export function noteInPlace(why: string): Payload {
  return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify({ unreadable: why })) };
}
