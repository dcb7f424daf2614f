import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

export type Payload = Parameters<typeof defaultPayloadConverter.fromPayload>[0];

/**
 * Returns the value of a payload that is read outside of the SDK's own calls.
 *
 * @throws {UnreadableError} when it is encrypted with a key that is missing
 */
export async function openPayload(client: Client, payload: Payload): Promise<unknown> {
  let payloads = [payload];
  for (const codec of [...client.options.loadedDataConverter.payloadCodecs].reverse())
    payloads = await codec.decode(payloads);
  return defaultPayloadConverter.fromPayload(payloads[0] as Payload);
}
