import type { Payload } from '@temporalio/common';
// A CommonJS module: Node's ESM loader can't see its named exports.
import proto from '@temporalio/proto';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';

const { Payload: payloadType } = proto.temporal.api.common.v1;

/** Payloads in protobuf's JSON form: bytes are base64. */
const requestBody = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.base64()).nullish(), data: z.base64().nullish() })),
});

/** @throws {ProblemError} 422 when the body is not a list of payloads */
export function readPayloads(json: unknown): Payload[] {
  const parsed = requestBody.safeParse(json);
  if (!parsed.success)
    throw new ProblemError('invalid-body', {
      detail: 'The body must be {"payloads": [{"metadata": {...}, "data": "..."}]}, with base64 values.',
    });
  return parsed.data.payloads.map((payload) => payloadType.fromObject(payload));
}

export function writePayloads(payloads: readonly Payload[]): { payloads: unknown[] } {
  return {
    payloads: payloads.map((payload) => payloadType.toObject(payloadType.fromObject(payload), { bytes: String })),
  };
}

/** Creates a payload that shows the operator why the original can't be read. */
export function noteInPlace(why: string): Payload {
  return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify({ unreadable: why })) };
}
