import { ConfigError, loadConfig } from '../config.js';
import { createLog } from '../log.js';
import { runMain } from '../process.js';
import { startCodecEndpoint } from './start.js';

/** `npm run start:codec`: shows sealed payloads to Temporal Web UI, `temporal` and `tctl`, where they send CODEC_TOKEN. */
runMain(async (starting) => {
  const config = loadConfig(starting.env);
  const { token } = config.codec;
  const problems = [
    ...(token === undefined ? ['CODEC_TOKEN must be set for the codec endpoint: make one with "openssl rand -hex 24"'] : []),
    ...(config.payloadKeys.length === 0 ? ['PAYLOAD_KEYS must be set for the codec endpoint, to what the api and the worker have'] : []),
  ];
  if (token === undefined || problems.length > 0) throw new ConfigError(problems);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });
  const origins = config.temporalUiUrl === undefined ? [] : [new URL(config.temporalUiUrl).origin];
  const url = await startCodecEndpoint({ config, access: { token }, origins, log }, starting);
  log.info({ event: 'codec.ready', url, origins }, `The codec endpoint is ready at ${url}`);
});
