import { loadConfig } from '../config.js';
import { createLog } from '../log.js';
import { runMain } from '../process.js';
import { connectTemporal } from '../temporal/connect.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { startApi } from './start.js';

/** `npm run start:api`: takes texts, against the server at TEMPORAL_ADDRESS. */
runMain(async (starting) => {
  const { env, onStop } = starting;
  const config = loadConfig(env);
  const log = createLog({ level: config.logLevel, terminal: process.stdout.isTTY });
  onStop(async () => log.flush());

  prepareRuntime(log);
  const temporal = await connectTemporal(env);
  onStop(() => temporal.connection.close());
  await startApi({ config, temporal, eager: false, log }, starting);
  log.info({ event: 'api.ready', host: config.host, port: config.port, temporal: temporal.address }, 'The api is ready');
});
