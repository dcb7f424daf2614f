import { loadConfig } from '../config.js';
import { createLog } from '../log.js';
import { exportParked } from '../metrics/parked.js';
import { startMetrics } from '../metrics/start.js';
import { runMain } from '../process.js';
import { createKeyring } from '../keyring.js';
import { prepareDataDir } from '../data-dir.js';
import { countParkedOf } from '../temporal/count-parked.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { createFairnessKey } from '../temporal/fairness-key.js';
import { connectWhenNeeded } from '../temporal/connect-when-needed.js';
import { prepareMeasuredRuntime } from '../temporal/runtime.js';
import { createStartWorkflow, type StartWorkflow } from '../temporal/start-workflow.js';
import { startApi } from './start.js';

/** A load balancer that asks /readyz more often than this has moved on when the api stops listening. */
const moveOnMs = 1_000;

/** `npm run start:api`: takes texts, and forwards them to the server at TEMPORAL_ADDRESS whenever that is there. */
runMain(async (starting) => {
  const { onStop } = starting;
  const config = loadConfig(starting.env);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  const dataDir = await prepareDataDir(config.dataDir);
  const metrics = await startMetrics({ config, sdkMetricsUrl: await prepareMeasuredRuntime(log), log }, starting);
  const temporal = connectWhenNeeded(config.temporal, createDataConverter(createKeyring(config.payloadKeys), log));
  onStop(() => temporal.close());
  exportParked(metrics, countParkedOf(temporal.client));
  const fairnessKey = createFairnessKey(config.payloadKeys);
  let start: StartWorkflow | undefined;
  const startWorkflow: StartWorkflow = async (message) => {
    start ??= createStartWorkflow(await temporal.client(), { eager: false, fairnessKey });
    return start(message);
  };
  const api = await startApi({ config, dataDir, startWorkflow, metrics, log, moveOnMs }, starting);
  for (const step of [api.close, api.forwardRest, api.stopListening]) onStop(step);
  log.info({ event: 'api.ready', host: config.host, port: config.port }, 'The api is ready');
});
