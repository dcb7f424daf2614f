import type { ClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { OperatorError } from '../process.js';

export interface TemporalConnection {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

/** @throws {OperatorError} naming the address when no server answers there */
export async function connectTemporal({ connectionOptions, namespace = 'default' }: ClientConnectConfig): Promise<TemporalConnection> {
  const address = connectionOptions.address ?? 'localhost:7233';
  try {
    return { connection: await NativeConnection.connect({ ...connectionOptions, address }), namespace, address };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    throw new OperatorError(`No Temporal server answers at ${address}: start one there or set TEMPORAL_ADDRESS (${reason})`);
  }
}
