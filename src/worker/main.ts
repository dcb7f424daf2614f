import { Client } from '@temporalio/client';
import { loadConfig, metricsPorts } from '../config/config.js';
import { createKeyring } from '../secrets/keyring.js';
import { requireSecrets } from '../process/installation-secret.js';
import { createLog } from '../log/log.js';
import { exportParked } from '../metrics/parked.js';
import { startMetrics } from '../metrics/start.js';
import { runMain } from '../process/run-main.js';
import { connectTemporal } from '../temporal/connect.js';
import { countParkedOf } from '../temporal/runs/count-parked.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { createSenderKeys } from '../temporal/sender-key.js';
import { checkInstallation } from '../temporal/installation.js';
import { recordKeyInUse } from '../temporal/key-in-use.js';
import { checkNamespace } from '../temporal/namespace.js';
import { prepareMeasuredRuntime } from '../temporal/runtime.js';
import { runUrlOf } from '../temporal/runs/run-url.js';
import { openPlaybookOf } from './open-playbook.js';
import { createSenders } from './create-senders.js';
import { startWorker } from './start.js';

/** `npm run start:worker`: classifies texts and sends replies for the Temporal server at TEMPORAL_ADDRESS. */
runMain(async (lifecycle) => {
  const { onStop } = lifecycle;
  const config = loadConfig(lifecycle.env, { metricsPort: metricsPorts.worker });
  const secrets = requireSecrets(config.secrets);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });
  const playbook = await openPlaybookOf(config, log);

  let isReady = () => false;
  const metrics = await startMetrics(
    { config, sdkMetricsUrl: await prepareMeasuredRuntime(log), isReady: () => isReady(), log },
    lifecycle,
  );
  const temporal = await connectTemporal(config.temporal);
  onStop(() => temporal.connection.close());
  await checkNamespace(temporal.connection, temporal.namespace, config);
  await checkInstallation(temporal, secrets);
  await recordKeyInUse(temporal, config.payloadKeys[0]);
  const client = new Client({ connection: temporal.connection, namespace: temporal.namespace });
  exportParked(
    metrics,
    countParkedOf(async () => client),
  );
  const runUrl = runUrlOf(config.temporalUiUrl, temporal.namespace);
  const dataConverter = createDataConverter(createKeyring(config.payloadKeys), log);
  const senders = createSenders({
    config,
    client: new Client({ ...temporal, dataConverter }),
    senderKeys: createSenderKeys(secrets),
    metrics,
    log,
  });
  const stopWorker = await startWorker(
    {
      config,
      playbook,
      temporal,
      senders,
      dataConverter,
      runUrl,
      metrics,
      onRunning: (isRunning) => (isReady = isRunning),
      log,
    },
    lifecycle,
  );
  onStop(stopWorker);
  log.info(
    { event: 'worker.started', temporal: temporal.address, namespace: temporal.namespace },
    'The worker is ready',
  );
});
