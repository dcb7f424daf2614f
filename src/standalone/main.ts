import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { startCodecEndpoint } from '../codec-endpoint/start.js';
import { type Config, loadConfig } from '../config/config.js';
import { gatewayToSimulate } from '../config/gateways.js';
import { gatewaysWithRoute } from '../config/routes.js';
import { createSenderOf } from '../domain/sender.js';
import { ConfigError } from '../process/errors.js';
import { startApi } from '../api/start.js';
import { createProgress } from '../process/progress.js';
import { createKeyring } from '../secrets/keyring.js';
import { createLog, type Log } from '../log/log.js';
import { exportHanging } from '../metrics/hanging.js';
import { exportParked } from '../metrics/parked.js';
import { startMetrics } from '../metrics/start.js';
import { phonePage } from '../demo/phone/start.js';
import { runMain, type Lifecycle } from '../process/run-main.js';
import { simulate } from '../demo/simulated-gateway/simulate.js';
import { startSimulatedGatewayProcess } from '../demo/simulated-gateway/start.js';
import { defaultCacheFolder, findTemporalProgram } from '../temporal/dev-server/program.js';
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
import { startDevServer } from '../temporal/dev-server/server.js';
import { watchContacts } from '../temporal/watched-contacts.js';
import { watchRuns } from '../temporal/runs/watched-runs.js';
import { webhookUrl } from '../config/webhook-url.js';
import { welcome } from './welcome.js';
import { openPlaybookOf } from '../worker/open-playbook.js';
import { createSenders } from '../worker/create-senders.js';
import { startWorker } from '../worker/start.js';

/**
 * `npm start`: runs the worker, the api and the simulated gateway in this process, and the Temporal server in a child
 * process.
 */
runMain(async (lifecycle) => {
  const { env, stopping, onStop, fail } = lifecycle;
  const config = loadConfig(env);
  const routes = gatewaysWithRoute(config, { mayBeTrial: true });
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  const playbook = await openPlaybookOf(config, log);
  const dataDir = await prepareDataFolder(config.dataDir);
  const secrets = findOrMakeSecrets(config);
  const embedded = config.temporalAddress === undefined;
  if (embedded && config.temporal.namespace !== undefined && config.temporal.namespace !== 'default') {
    throw new ConfigError(['TEMPORAL_NAMESPACE must be "default" or not set, unless TEMPORAL_ADDRESS is set']);
  }
  let codecEndpoint: string | undefined;
  if (embedded) {
    const showProgress = process.stderr.isTTY ? (label: string) => createProgress(process.stderr, label) : undefined;
    const binary = await findTemporalProgram({
      searchPath: env['PATH'] ?? '',
      cacheFolder: defaultCacheFolder(env),
      log,
      stopping,
      showProgress,
    });
    if (config.payloadKeys.length > 0) codecEndpoint = await startEmbeddedCodec(config, log, lifecycle);
    const ports = { port: config.temporalPort, uiPort: config.temporalUiPort, codecEndpoint };
    const server = await startDevServer({ ...ports, binary, dataDir, log, stopping, onExit: fail });
    onStop(() => server.stop());
  }

  const metrics = await startMetrics({ config, sdkMetricsUrl: await prepareMeasuredRuntime(log), log }, lifecycle);
  const temporal = embedded
    ? await connectTemporal(
        { connectionOptions: { address: `127.0.0.1:${config.temporalPort}` } },
        { retryForMs: 30_000 },
      )
    : await connectTemporal(config.temporal);
  onStop(() => temporal.connection.close());
  await (embedded ? ensureNamespace : checkNamespace)(temporal.connection, temporal.namespace, config);
  await checkInstallation(temporal, secrets);
  await recordKeyInUse(temporal, config.payloadKeys[0]);

  const uiUrl = uiUrlOf(config);
  const dataConverter = createDataConverter(createKeyring(config.payloadKeys), log);
  const runUrl = runUrlOf(uiUrl, temporal.namespace);
  const senderKeys = createSenderKeys(secrets);
  const client = new Client({ connection: temporal.connection, namespace: temporal.namespace, dataConverter });
  exportParked(
    metrics,
    countParkedOf(async () => client),
  );
  exportHanging(
    metrics,
    lookForHangingOf(async () => client, { ...config, gateways: gatewayNames }),
  );
  if (config.simulatedGateway.isUsed) {
    const simulated = simulate(config, secrets[0]);
    await startSimulatedGatewayProcess(
      {
        port: config.simulatedGateway.port,
        dialect: simulated.dialect,
        page: phonePage(
          {
            simulated,
            runs: watchRuns(async () => client, runUrl),
            contacts: watchContacts(async () => client, senderKeys),
            senderOf: createSenderOf(config.defaultCountry),
            log,
          },
          lifecycle,
        ),
      },
      lifecycle,
    );
  }

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
  const addresses = { temporalAddress: temporal.address, uiUrl, codecEndpoint, dataDir };
  // The path of the codec endpoint is a secret, so the JSON log leaves it out.
  if (config.logFormat === 'json')
    log.info(
      {
        event: 'answerback.started',
        webhook: webhookUrl(config, gatewayToSimulate(config.gateways).gateway),
        temporalAddress: temporal.address,
        uiUrl,
        dataDir,
      },
      'Answerback is ready',
    );
  else process.stdout.write(welcome(config, addresses));
});

/**
 * Starts a codec endpoint for the embedded Web UI, on loopback. The Web UI can't send a token, so the path is secret
 * instead.
 *
 * @returns its URL
 */
async function startEmbeddedCodec(config: Config, log: Log, lifecycle: Lifecycle): Promise<string> {
  const origins = ['localhost', '127.0.0.1']
    .map((host) => `http://${host}:${config.temporalUiPort}`)
    .concat(config.temporalUiUrl === undefined ? [] : [new URL(config.temporalUiUrl).origin]);
  const onLoopback = { ...config, codec: { ...config.codec, host: '127.0.0.1' } };
  return startCodecEndpoint(
    { config: onLoopback, access: { path: `/${randomBytes(24).toString('hex')}` }, origins, log },
    lifecycle,
  );
}
