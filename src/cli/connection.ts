import path from 'node:path';
import { Client } from '@temporalio/client';
import type { Config } from '../config/config.js';
import { createKeyring } from '../secrets/keyring.js';
import { createLog } from '../log/log.js';
import { connectTemporal, type TemporalConnection } from '../temporal/connect.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { runUrlOf } from '../temporal/runs/run-url.js';
import { createRuns, type Runs } from '../temporal/runs/runs.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { findDevServer, type RecordedServer } from '../temporal/dev-server/record.js';

export interface ConnectedTemporal {
  temporal: TemporalConnection;
  client: Client;
  runs: Runs;
}

/** The running server of `npm start` on this data folder. Undefined when TEMPORAL_ADDRESS is set or none runs. */
export const findEmbedded = async ({ temporalAddress, dataDir }: Config): Promise<RecordedServer | undefined> =>
  temporalAddress === undefined ? findDevServer(path.resolve(dataDir)) : undefined;

/**
 * Connects to the embedded server, or to the one of the settings.
 *
 * @throws {OperatorError} with the address when no server responds there
 */
export const connectTo = (embedded: RecordedServer | undefined, config: Config): Promise<TemporalConnection> =>
  connectTemporal(embedded ? { connectionOptions: { address: `127.0.0.1:${embedded.port}` } } : config.temporal);

/**
 * Connects to Temporal, runs `work`, and closes the connection. The server is that of `npm start` on this data folder
 * if it runs, otherwise that of the settings.
 *
 * @throws {OperatorError} with the address when no server responds there
 */
export async function withTemporal<Result>(
  config: Config,
  work: (connected: ConnectedTemporal) => Promise<Result>,
): Promise<Result> {
  const log = createLog({ level: 'warn', terminal: false, stream: 'stderr' });
  prepareRuntime(log);
  const embedded = await findEmbedded(config);
  const temporal = await connectTo(embedded, config);
  try {
    const { connection, namespace } = temporal;
    const client = new Client({
      connection,
      namespace,
      dataConverter: createDataConverter(createKeyring(config.payloadKeys), log),
    });
    const uiUrl = config.temporalUiUrl ?? (embedded ? `http://localhost:${embedded.uiPort}` : undefined);
    return await work({ temporal, client, runs: createRuns(client, runUrlOf(uiUrl, namespace)) });
  } finally {
    await temporal.connection.close();
  }
}
