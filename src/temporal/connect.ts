import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { OperatorError } from '../process/errors.js';
import { renewRuntime } from './runtime.js';

export interface TemporalConnection {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

/**
 * Connects to a Temporal server.
 *
 * @param retryForMs how long to retry: a server that is starting listens for a while before it responds
 * @throws {OperatorError} with the address when no server responds there
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
      const connection = await NativeConnection.connect({ ...connectionOptions, address, ...compressionFor(address) });
      return { connection, namespace, address };
    } catch (error) {
      if (performance.now() > deadline) throw explain(error, address);
      await sleep(200);
    }
  }
}

/** Compression only costs time between processes of one machine. */
function compressionFor(address: string): Pick<NativeConnectionOptions, 'grpcCompression'> {
  return /^(127\.|localhost:|\[::1\])/.test(address) ? { grpcCompression: { codec: 'none' } } : {};
}

function explain(error: unknown, address: string): OperatorError {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return new OperatorError(
    `No Temporal server responds at ${address} (${reason})`,
    'start one there or set TEMPORAL_ADDRESS',
  );
}
