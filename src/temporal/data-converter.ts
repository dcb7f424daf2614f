import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from '../keyring.js';
import type { Log } from '../log.js';
import { createPayloadCodec } from './payload-codec.js';

/** The SDK loads it with `require`, so the built one, from wherever this file runs. */
const failureConverterPath = fileURLToPath(new URL('../../dist/temporal/failure-converter.js', import.meta.url));

/** The same fault comes with every task; a line a minute is enough. */
const quietMs = 60_000;

/** How everything that goes to Temporal is written; client and worker need the same. */
export function createDataConverter(keyring: Keyring, log: Log): DataConverter {
  const saidAt = new Map<string, number>();
  const codec = createPayloadCodec(keyring, ({ message }) => {
    if (performance.now() - (saidAt.get(message) ?? -quietMs) < quietMs) return;
    if (saidAt.size > 1_000) saidAt.clear();
    saidAt.set(message, performance.now());
    log.error({ event: 'payload.unreadable' }, `A payload cannot be read, and its run waits: ${message}`);
  });
  return { payloadCodecs: [codec], ...(keyring.seals ? { failureConverterPath } : {}) };
}
