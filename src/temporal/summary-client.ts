import { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';

const notRead = { metadata: { encoding: Buffer.from('binary/null') } };

const codec: PayloadCodec = {
  encode: async (payloads) => payloads,
  decode: async (payloads) => payloads.map(() => notRead),
};

/**
 * Returns a client for lists and descriptions of runs, on the same connection. It reads no payloads: with the usual
 * client, one run with a memo of a missing key would fail the whole list.
 */
export function summaryClient({ connection, options: { namespace } }: Client): Client {
  return new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
}
