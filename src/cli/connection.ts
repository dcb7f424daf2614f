import path from 'node:path';
import { Client } from '@temporalio/client';
import type { Config } from '../config.js';
import { createKeyring } from '../keyring.js';
import { createLog } from '../log.js';
import { connectTemporal, type TemporalConnection } from '../temporal/connect.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { runUrlOf } from '../temporal/run-url.js';
import { createRuns, type Runs } from '../temporal/runs.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { findServer, type RecordedServer } from '../temporal/server-record.js';

export interface ConnectedTemporal {
  temporal: TemporalConnection;
  runs: Runs;
}

/** The server of `npm start` on this data folder, where it runs and the settings name no other. */
export const findEmbedded = async ({ temporalAddress, dataDir }: Config): Promise<RecordedServer | undefined> =>
  temporalAddress === undefined ? findServer(path.resolve(dataDir)) : undefined;

/** @throws {OperatorError} naming the address when no server answers there */
export const connectTo = (embedded: RecordedServer | undefined, config: Config): Promise<TemporalConnection> =>
  connectTemporal(embedded ? { connectionOptions: { address: `127.0.0.1:${embedded.port}` } } : config.temporal);

/**
 * Works with the server of `npm start` on this data folder, or the one that the settings name for everybody else.
 *
 * @throws {OperatorError} naming the address when no server answers there
 */
export async function withTemporal<Result>(config: Config, work: (connected: ConnectedTemporal) => Promise<Result>): Promise<Result> {
  const log = createLog({ level: 'warn', terminal: false, stream: 'stderr' });
  prepareRuntime(log);
  const embedded = await findEmbedded(config);
  const temporal = await connectTo(embedded, config);
  try {
    const { connection, namespace } = temporal;
    const client = new Client({ connection, namespace, dataConverter: createDataConverter(createKeyring(config.payloadKeys), log) });
    const uiUrl = config.temporalUiUrl ?? (embedded ? `http://localhost:${embedded.uiPort}` : undefined);
    return await work({ temporal, runs: createRuns(client, runUrlOf(uiUrl, namespace)) });
  } finally {
    await temporal.connection.close();
  }
}
