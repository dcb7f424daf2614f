import { loadConfig } from '../config.js';
import { createKeyring } from '../keyring.js';
import { createLog } from '../log.js';
import { phonePage } from '../phone/start.js';
import { runMain } from '../process.js';
import { connectWhenNeeded } from '../temporal/connect-when-needed.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { runUrlOf, uiUrlOf } from '../temporal/run-url.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { watchRuns } from '../temporal/watched-runs.js';
import { startGateway } from './start.js';

/** `npm run start:gateway`: an SMS gateway that keeps its texts to itself, and a page to write them on. */
runMain(async (starting) => {
  const config = loadConfig(starting.env);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  prepareRuntime(log);
  const temporal = connectWhenNeeded(config.temporal, createDataConverter(createKeyring(config.payloadKeys), log));
  starting.onStop(() => temporal.close());
  const runs = watchRuns(temporal.client, runUrlOf(uiUrlOf(config), config.temporal.namespace ?? 'default'));
  const { url } = await startGateway({ port: config.gateway.port, page: phonePage({ config, runs, log }, starting) }, starting);
  log.info({ event: 'gateway.ready', url }, `The simulated gateway is ready: write a text at ${url}/; ${url}/sent lists the replies`);
});
