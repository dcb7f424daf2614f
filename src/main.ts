import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { startCodecEndpoint } from './codec-endpoint/start.js';
import { type Config, ConfigError, loadConfig } from './config.js';
import { startApi } from './api/start.js';
import { createProgress } from './cli/progress.js';
import { createKeyring } from './keyring.js';
import { createLog, type Log } from './log.js';
import { exportParked } from './metrics/parked.js';
import { startMetrics } from './metrics/start.js';
import { phonePage } from './phone/start.js';
import { runMain, type Starting } from './process.js';
import { startGateway } from './simulated-gateway/start.js';
import { defaultCacheFolder, findTemporalBinary } from './temporal/binary.js';
import { connectTemporal } from './temporal/connect.js';
import { countParkedOf } from './temporal/count-parked.js';
import { createDataConverter } from './temporal/data-converter.js';
import { prepareDataDir } from './data-dir.js';
import { createFairnessKey } from './temporal/fairness-key.js';
import { checkNamespace, ensureNamespace } from './temporal/namespace.js';
import { runUrlOf, uiUrlOf } from './temporal/run-url.js';
import { prepareMeasuredRuntime } from './temporal/runtime.js';
import { createStartWorkflow } from './temporal/start-workflow.js';
import { startTemporalServer } from './temporal/server.js';
import { watchRuns } from './temporal/watched-runs.js';
import { webhookUrl } from './webhook-url.js';
import { welcome } from './welcome.js';
import { playbookOf } from './worker/playbook.js';
import { startWorker } from './worker/start.js';

/** `npm start`: the embedded Temporal server, the simulated gateway, the worker and the api, in one process and one child. */
runMain(async (starting) => {
  const { env, stopping, onStop, fail } = starting;
  const config = loadConfig(env);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  const playbook = await playbookOf(config, log);
  const dataDir = await prepareDataDir(config.dataDir);
  const embedded = config.temporalAddress === undefined;
  if (embedded && config.temporal.namespace !== undefined && config.temporal.namespace !== 'default') {
    throw new ConfigError(['TEMPORAL_NAMESPACE must be default, or not be set, unless TEMPORAL_ADDRESS is set']);
  }
  let codecEndpoint: string | undefined;
  if (embedded) {
    const showProgress = process.stderr.isTTY ? (label: string) => createProgress(process.stderr, label) : undefined;
    const binary = await findTemporalBinary({ searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env), log, stopping, showProgress });
    if (config.payloadKeys.length > 0) codecEndpoint = await startEmbeddedCodec(config, log, starting);
    const ports = { port: config.temporalPort, uiPort: config.temporalUiPort, codecEndpoint };
    const server = await startTemporalServer({ ...ports, binary, dataDir, log, stopping, onExit: fail });
    onStop(() => server.stop());
  }

  const metrics = await startMetrics({ config, sdkMetricsUrl: await prepareMeasuredRuntime(log), log }, starting);
  const temporal = embedded
    ? await connectTemporal({ connectionOptions: { address: `127.0.0.1:${config.temporalPort}` } }, { retryForMs: 30_000 })
    : await connectTemporal(config.temporal);
  onStop(() => temporal.connection.close());
  await (embedded ? ensureNamespace : checkNamespace)(temporal.connection, temporal.namespace, log);

  const uiUrl = uiUrlOf(config);
  const dataConverter = createDataConverter(createKeyring(config.payloadKeys), log);
  const runUrl = runUrlOf(uiUrl, temporal.namespace);
  const client = new Client({ connection: temporal.connection, namespace: temporal.namespace, dataConverter });
  exportParked(metrics, countParkedOf(async () => client));
  if (config.gateway.simulated) {
    const runs = watchRuns(async () => client, runUrl);
    await startGateway({ port: config.gateway.port, page: phonePage({ config, runs, log }, starting) }, starting);
  }

  const stopWorker = await startWorker({ config, playbook, temporal, dataConverter, runUrl, metrics, log }, starting);
  onStop(stopWorker);
  const api = await startApi({ config, dataDir, startWorkflow: createStartWorkflow(client, { eager: true, fairnessKey: createFairnessKey(config.payloadKeys) }), metrics, log }, starting);
  onStop(api.close);
  // They take up to 9 and 10 s; what the one still starts waits in Temporal when the other takes no more.
  onStop(() => Promise.all([api.forwardRest(), stopWorker()]));
  onStop(api.stopListening);
  const addresses = { temporalAddress: temporal.address, uiUrl, codecEndpoint, dataDir };
  // Without the codec endpoint, whose path is a secret.
  if (config.logFormat === 'json') log.info({ event: 'answerback.ready', webhook: webhookUrl(config), temporalAddress: temporal.address, uiUrl, dataDir }, 'Answerback is ready');
  else process.stdout.write(welcome(config, addresses));
});

/** The embedded Web UI can send no token, so it gets a path that nobody guesses, on loopback. */
async function startEmbeddedCodec(config: Config, log: Log, starting: Starting): Promise<string> {
  const origins = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${config.temporalUiPort}`).concat(config.temporalUiUrl === undefined ? [] : [new URL(config.temporalUiUrl).origin]);
  const onLoopback = { ...config, codec: { ...config.codec, host: '127.0.0.1' } };
  return startCodecEndpoint({ config: onLoopback, access: { path: `/${randomBytes(24).toString('hex')}` }, origins, log }, starting);
}
