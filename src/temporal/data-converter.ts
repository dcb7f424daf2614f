import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from '../secrets/keyring.js';
import type { Log } from '../log/log.js';
import { createPayloadCodec } from './payload-codec.js';

/** The SDK loads this file with `require`, so it must be the built one in dist. */
const failureConverterPath = fileURLToPath(new URL('../../dist/temporal/failure-converter.js', import.meta.url));

/** Every task repeats the same error, so each error is logged once a minute. */
const repeatAfterMs = 60_000;

/** Creates the converter that encodes all data for Temporal. Client and worker must use the same one. */
export function createDataConverter(keyring: Keyring, log: Log): DataConverter {
  const loggedAt = new Map<string, number>();
  const codec = createPayloadCodec(keyring, ({ message }) => {
    if (performance.now() - (loggedAt.get(message) ?? -repeatAfterMs) < repeatAfterMs) return;
    if (loggedAt.size > 1_000) loggedAt.clear();
    loggedAt.set(message, performance.now());
    log.error({ event: 'payload.unopened' }, `A payload can't be read. Its run waits, if it is still open. ${message}`);
  });
  return { payloadCodecs: [codec], ...(keyring.seals ? { failureConverterPath } : {}) };
}
