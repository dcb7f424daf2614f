import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { OperatorError } from '../process.js';

export interface TemporalConnection {
  connection: NativeConnection;
  namespace: string;
  address: string;
}

/**
 * Connects to the server that the `TEMPORAL_*` variables and profiles of @temporalio/envconfig name,
 * Temporal Cloud with an API key or mTLS included; `address` overrides theirs.
 *
 * @throws {OperatorError} naming the address when it cannot be reached, or the setting that is wrong
 */
export async function connectTemporal(env: Record<string, string>, address?: string): Promise<TemporalConnection> {
  const { connectionOptions, namespace } = readProfile(address === undefined ? env : { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: env['TEMPORAL_NAMESPACE'] ?? 'default' }, address !== undefined);
  const target = connectionOptions.address ?? 'localhost:7233';
  try {
    const connection = await NativeConnection.connect({ ...connectionOptions, address: target });
    return { connection, namespace: namespace ?? 'default', address: target };
  } catch (error) {
    throw new OperatorError(`No Temporal server answers at ${target}: start one there or set TEMPORAL_ADDRESS (${firstLine(error)})`);
  }
}

function readProfile(env: Record<string, string>, disableFile: boolean): ClientConnectConfig {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env, disableFile });
  } catch (error) {
    throw new OperatorError(`The TEMPORAL_* settings do not fit together: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
