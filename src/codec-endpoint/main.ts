import { loadConfig } from '../config/config.js';
import { ConfigError } from '../process/errors.js';
import { createLog } from '../log/log.js';
import { runMain } from '../process/run-main.js';
import { startCodecEndpoint } from './start.js';

/** `npm run start:codec`: decodes payloads for Temporal Web UI, `temporal` and `tctl` when they send CODEC_TOKEN. */
runMain(async (lifecycle) => {
  const config = loadConfig(lifecycle.env);
  const { token } = config.codec;
  const problems = [
    ...(token === undefined
      ? ['CODEC_TOKEN must be set for the codec endpoint: create one with "openssl rand -hex 24"']
      : []),
    ...(config.payloadKeys.length === 0
      ? ['PAYLOAD_KEYS must be set for the codec endpoint, to the same keys as the api and the worker']
      : []),
  ];
  if (token === undefined || problems.length > 0) throw new ConfigError(problems);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });
  const origins = config.temporalUiUrl === undefined ? [] : [new URL(config.temporalUiUrl).origin];
  const url = await startCodecEndpoint({ config, access: { token }, origins, log }, lifecycle);
  log.info({ event: 'codec.started', url, origins }, `The codec endpoint is ready at ${url}`);
});
