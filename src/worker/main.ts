import { loadConfig } from '../config.js';
import { createKeyring } from '../keyring.js';
import { createLog } from '../log.js';
import { runMain } from '../process.js';
import { connectTemporal } from '../temporal/connect.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { checkNamespace } from '../temporal/namespace.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { runUrlOf } from '../temporal/run-url.js';
import { playbookOf } from './playbook.js';
import { startWorker } from './start.js';

/** `npm run start:worker`: classifies and replies, against the server at TEMPORAL_ADDRESS. */
runMain(async (starting) => {
  const { onStop } = starting;
  const config = loadConfig(starting.env);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });
  const playbook = await playbookOf(config, log);

  prepareRuntime(log);
  const temporal = await connectTemporal(config.temporal);
  onStop(() => temporal.connection.close());
  await checkNamespace(temporal.connection, temporal.namespace, log);
  const runUrl = runUrlOf(config.temporalUiUrl, temporal.namespace);
  const stopWorker = await startWorker({ config, playbook, temporal, dataConverter: createDataConverter(createKeyring(config.payloadKeys), log), runUrl, log }, starting);
  onStop(stopWorker);
  log.info({ event: 'worker.ready', temporal: temporal.address, namespace: temporal.namespace }, 'The worker is ready');
});
