import { loadConfig } from '../config.js';
import { createLog } from '../log.js';
import { runMain } from '../process.js';
import { startGateway } from './start.js';

/** `npm run start:gateway`: an SMS gateway that keeps its texts to itself. */
runMain(async (starting) => {
  const config = loadConfig(starting.env);
  const log = createLog({ level: config.logLevel, terminal: process.stdout.isTTY });

  const { url } = await startGateway(config.gateway.port, starting);
  log.info({ event: 'gateway.ready', url }, `The simulated gateway is ready: ${url}/sent lists the replies`);
});
