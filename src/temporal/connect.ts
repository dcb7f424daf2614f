import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { OperatorError } from '../process.js';
import { renewRuntime } from './runtime.js';

export interface TemporalConnection {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

/**
 * @param retryForMs how long a server that just starts may take: it listens for a while before it answers
 * @throws {OperatorError} naming the address when no server answers there
 */
export async function connectTemporal(
  { connectionOptions, namespace = 'default' }: ClientConnectConfig,
  { retryForMs = 0 } = {},
): Promise<TemporalConnection> {
  const address = connectionOptions.address ?? 'localhost:7233';
  const deadline = performance.now() + retryForMs;
  for (;;) {
    try {
      await renewRuntime();
      return { connection: await NativeConnection.connect({ ...connectionOptions, address }), namespace, address };
    } catch (error) {
      if (performance.now() > deadline) throw explain(error, address);
      await sleep(200);
    }
  }
}

function explain(error: unknown, address: string): OperatorError {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return new OperatorError(`No Temporal server answers at ${address} (${reason})`, 'start one there or set TEMPORAL_ADDRESS');
}
