import { loadConfig } from '../config.js';
import { createLog } from '../log.js';
import { runMain } from '../process.js';
import { createKeyring } from '../keyring.js';
import { prepareDataDir } from '../data-dir.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { connectWhenNeeded } from '../temporal/connect-when-needed.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { createStartWorkflow } from '../temporal/start-workflow.js';
import { startApi } from './start.js';

/** `npm run start:api`: takes texts, and forwards them to the server at TEMPORAL_ADDRESS whenever that is there. */
runMain(async (starting) => {
  const { onStop } = starting;
  const config = loadConfig(starting.env);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  const dataDir = await prepareDataDir(config.dataDir);
  prepareRuntime(log);
  const temporal = connectWhenNeeded(config.temporal, createDataConverter(createKeyring(config.payloadKeys), log));
  onStop(() => temporal.close());
  const api = await startApi({ config, dataDir, startWorkflow: async (message) => createStartWorkflow(await temporal.client(), { eager: false })(message), log }, starting);
  for (const step of [api.close, api.drain, api.stopListening]) onStop(step);
  log.info({ event: 'api.ready', host: config.host, port: config.port }, 'The api is ready');
});
