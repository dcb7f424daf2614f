import { loadConfig } from '../config/config.js';
import { gatewaysWithRoute } from '../config/routes.js';
import { stopWaits } from '../domain/waiting.js';
import { gatewayNames } from '../gateways/registry.js';
import { createLog } from '../log/log.js';
import { exportHanging } from '../metrics/hanging.js';
import { exportParked } from '../metrics/parked.js';
import { startMetrics } from '../metrics/start.js';
import { runMain } from '../process/run-main.js';
import { createKeyring } from '../secrets/keyring.js';
import { prepareDataFolder } from '../process/data-folder.js';
import { ConfigError } from '../process/errors.js';
import { requireSecrets } from '../process/installation-secret.js';
import { lookForHangingOf } from '../temporal/hanging.js';
import { countParkedOf } from '../temporal/runs/count-parked.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { connectWhenNeeded } from '../temporal/connect-when-needed.js';
import { checkInstallation } from '../temporal/installation.js';
import { checkNamespace } from '../temporal/namespace.js';
import { prepareMeasuredRuntime } from '../temporal/runtime.js';
import { createSenderKey, createSenderKeys } from '../temporal/sender-key.js';
import { createForwardReceipt, type ForwardReceipt } from '../temporal/forward-receipt.js';
import { createStartWorkflow, type StartWorkflow } from '../temporal/start-workflow.js';
import { createTakeOver, type TakeOver } from '../temporal/take-over.js';
import { startApi } from './start.js';

/** `npm run start:api`: accepts texts and forwards them to Temporal at TEMPORAL_ADDRESS whenever it can be reached. */
runMain(async (lifecycle) => {
  const { onStop, fail } = lifecycle;
  const config = loadConfig(lifecycle.env);
  const routes = gatewaysWithRoute(config);
  const secrets = requireSecrets(config.secrets);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  const dataDir = config.hasInbox ? await prepareDataFolder(config.dataDir) : undefined;
  const metrics = await startMetrics({ config, sdkMetricsUrl: await prepareMeasuredRuntime(log), log }, lifecycle);
  const dataConverter = createDataConverter(createKeyring(config.payloadKeys), log);
  const temporal = connectWhenNeeded(config.temporal, dataConverter, async (connected) => {
    try {
      await checkNamespace(connected.connection, connected.namespace, config);
      await checkInstallation(connected, secrets);
    } catch (error) {
      if (error instanceof ConfigError) fail(error);
      throw error;
    }
  });
  onStop(() => temporal.close());
  // Checks both now if Temporal responds, and else before the first start. Texts are accepted meanwhile.
  void temporal.client().catch(() => undefined);
  exportParked(metrics, countParkedOf(temporal.client));
  exportHanging(metrics, lookForHangingOf(temporal.client, { ...config, gateways: gatewayNames }));
  const senderKey = createSenderKey(secrets[0]);
  let start: StartWorkflow | undefined;
  const startWorkflow: StartWorkflow = async (message) => {
    start ??= createStartWorkflow(await temporal.client(), { eager: false, senderKey, log });
    return start(message);
  };
  const forwardReceipt: ForwardReceipt = async (receipt) =>
    createForwardReceipt(await temporal.client(), config)(receipt);
  const takeOver: TakeOver = async (handSent) =>
    createTakeOver(await temporal.client(), createSenderKeys(secrets), { log })(handSent);
  const api = await startApi(
    {
      config,
      routes,
      secret: secrets[0],
      dataDir,
      startWorkflow,
      forwardReceipt,
      takeOver,
      metrics,
      log,
      moveOnMs: stopWaits.acceptMs,
    },
    lifecycle,
  );
  for (const step of [api.close, api.forwardRest, api.stopListening]) onStop(step);
  log.info({ event: 'api.started', host: config.host, port: config.port }, 'The api is ready');
});
