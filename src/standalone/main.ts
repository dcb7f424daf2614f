import { Client } from '@temporalio/client';
import { loadConfig } from '../config/config.js';
import { gatewaysWithRoute } from '../config/routes.js';
import { startApi } from '../api/start.js';
import { createKeyring } from '../secrets/keyring.js';
import { createLog } from '../log/log.js';
import { exportHanging } from '../metrics/hanging.js';
import { exportParked } from '../metrics/parked.js';
import { startMetrics } from '../metrics/start.js';
import { runMain } from '../process/run-main.js';
import { connectTemporal } from '../temporal/connect.js';
import { lookForHangingOf } from '../temporal/hanging.js';
import { countParkedOf } from '../temporal/runs/count-parked.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { gatewayNames } from '../gateways/registry.js';
import { prepareDataFolder } from '../process/data-folder.js';
import { findOrMakeSecrets } from '../process/installation-secret.js';
import { checkInstallation } from '../temporal/installation.js';
import { recordKeyInUse } from '../temporal/key-in-use.js';
import { checkNamespace, ensureNamespace } from '../temporal/namespace.js';
import { runUrlOf, uiUrlOf } from '../temporal/runs/run-url.js';
import { prepareMeasuredRuntime } from '../temporal/runtime.js';
import { createSenderKeys } from '../temporal/sender-key.js';
import { createForwardReceipt } from '../temporal/forward-receipt.js';
import { createTakeOver } from '../temporal/take-over.js';
import { createStartWorkflow } from '../temporal/start-workflow.js';
import { sayReady } from './welcome.js';
import { startEmbeddedTemporal } from './embedded-temporal/start.js';
import { startSimulatedPhone } from './simulated-phone/start.js';
import { openPlaybookOf } from '../worker/open-playbook.js';
import { createSenders } from '../worker/create-senders.js';
import { startWorker } from '../worker/start.js';

/**
 * `npm start`: runs the worker, the api and the simulated gateway in this process, and the Temporal server in a child
 * process.
 */
runMain(async (lifecycle) => {
  const { env, onStop } = lifecycle;
  const config = loadConfig(env);
  const routes = gatewaysWithRoute(config, { mayBeTrial: true });
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  const playbook = await openPlaybookOf(config, log);
  const dataDir = await prepareDataFolder(config.dataDir);
  const secrets = findOrMakeSecrets(config);
  const isEmbedded = config.temporalAddress === undefined;
  const codecEndpoint = isEmbedded ? await startEmbeddedTemporal({ config, dataDir, log }, lifecycle) : undefined;

  const metrics = await startMetrics({ config, sdkMetricsUrl: await prepareMeasuredRuntime(log), log }, lifecycle);
  const temporal = isEmbedded
    ? await connectTemporal(
        { connectionOptions: { address: `127.0.0.1:${config.temporalPort}` } },
        { retryForMs: 30_000 },
      )
    : await connectTemporal(config.temporal);
  onStop(() => temporal.connection.close());
  await (isEmbedded ? ensureNamespace : checkNamespace)(temporal.connection, temporal.namespace, config);
  await checkInstallation(temporal, secrets);
  await recordKeyInUse(temporal, config.payloadKeys[0]);

  const uiUrl = uiUrlOf(config);
  const dataConverter = createDataConverter(createKeyring(config.payloadKeys), log);
  const runUrl = runUrlOf(uiUrl, temporal.namespace);
  const senderKeys = createSenderKeys(secrets);
  const client = new Client({ connection: temporal.connection, namespace: temporal.namespace, dataConverter });
  const connected = async () => client;
  exportParked(metrics, countParkedOf(connected));
  exportHanging(metrics, lookForHangingOf(connected, { ...config, gateways: gatewayNames }));
  if (config.simulatedGateway.isUsed)
    await startSimulatedPhone({ config, secret: secrets[0], connected, senderKeys, runUrl, log }, lifecycle);

  const senders = createSenders({ config, client, senderKeys, metrics, log });
  const stopWorker = await startWorker(
    { config, playbook, temporal, senders, dataConverter, runUrl, metrics, log },
    lifecycle,
  );
  onStop(stopWorker);
  const api = await startApi(
    {
      config,
      routes,
      secret: secrets[0],
      dataDir,
      forwardReceipt: createForwardReceipt(client, config),
      takeOver: createTakeOver(client, senderKeys, { log }),
      startWorkflow: createStartWorkflow(client, { eager: true, senderKey: senderKeys[0], log }),
      metrics,
      log,
    },
    lifecycle,
  );
  onStop(api.close);
  // Both at once, because they take up to 9 s and 10 s. Workflows that start meanwhile wait in Temporal for the next
  // worker.
  onStop(() => Promise.all([api.forwardRest(), stopWorker()]));
  onStop(api.stopListening);
  sayReady(config, { temporalAddress: temporal.address, uiUrl, codecEndpoint, dataDir }, log);
});
