import { Client } from '@temporalio/client';
import { loadConfig } from '../config.js';
import { createKeyring } from '../keyring.js';
import { createLog } from '../log.js';
import { exportParked } from '../metrics/parked.js';
import { startMetrics } from '../metrics/start.js';
import { runMain } from '../process.js';
import { connectTemporal } from '../temporal/connect.js';
import { countParkedOf } from '../temporal/count-parked.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { checkNamespace } from '../temporal/namespace.js';
import { prepareMeasuredRuntime } from '../temporal/runtime.js';
import { runUrlOf } from '../temporal/run-url.js';
import { playbookOf } from './playbook.js';
import { startWorker } from './start.js';

/** `npm run start:worker`: classifies and replies, against the server at TEMPORAL_ADDRESS. */
runMain(async (starting) => {
  const { onStop } = starting;
  const config = loadConfig(starting.env, { metricsPort: 9465 });
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });
  const playbook = await playbookOf(config, log);

  let isReady = () => false;
  const metrics = await startMetrics({ config, sdkMetricsUrl: await prepareMeasuredRuntime(log), isReady: () => isReady(), log }, starting);
  const temporal = await connectTemporal(config.temporal);
  onStop(() => temporal.connection.close());
  await checkNamespace(temporal.connection, temporal.namespace, log);
  const client = new Client({ connection: temporal.connection, namespace: temporal.namespace });
  exportParked(metrics, countParkedOf(async () => client));
  const runUrl = runUrlOf(config.temporalUiUrl, temporal.namespace);
  const dataConverter = createDataConverter(createKeyring(config.payloadKeys), log);
  const stopWorker = await startWorker({ config, playbook, temporal, dataConverter, runUrl, metrics, onRunning: (isRunning) => (isReady = isRunning), log }, starting);
  onStop(stopWorker);
  log.info({ event: 'worker.ready', temporal: temporal.address, namespace: temporal.namespace }, 'The worker is ready');
});
