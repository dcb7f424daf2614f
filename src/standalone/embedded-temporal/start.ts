import { randomBytes } from 'node:crypto';
import { startCodecEndpoint } from '../../codec-endpoint/start.js';
import type { Config } from '../../config/config.js';
import type { Log } from '../../log/log.js';
import { ConfigError } from '../../process/errors.js';
import { createProgress } from '../../process/progress.js';
import type { Lifecycle } from '../../process/run-main.js';
import { defaultCacheFolder, findTemporalProgram } from '../../temporal/dev-server/program.js';
import { startDevServer } from '../../temporal/dev-server/server.js';

/** What the embedded server needs from its process. */
export interface EmbeddedTemporal {
  config: Config;
  dataDir: string;
  log: Log;
}

/**
 * Starts the embedded Temporal server, after downloading or building it where it is missing, and the codec endpoint of
 * its Web UI where PAYLOAD_KEYS is set.
 *
 * @returns the URL of the codec endpoint
 * @throws {ConfigError} for a namespace other than `default`
 */
export async function startEmbeddedTemporal(
  { config, dataDir, log }: EmbeddedTemporal,
  lifecycle: Lifecycle,
): Promise<string | undefined> {
  if (config.temporal.namespace !== undefined && config.temporal.namespace !== 'default') {
    throw new ConfigError(['TEMPORAL_NAMESPACE must be "default" or not set, unless TEMPORAL_ADDRESS is set']);
  }
  const { env, stopping, onStop, fail } = lifecycle;
  const binary = await findTemporalProgram({
    searchPath: env['PATH'] ?? '',
    cacheFolder: defaultCacheFolder(env),
    log,
    stopping,
    showProgress: process.stderr.isTTY ? (label) => createProgress(process.stderr, label) : undefined,
  });
  const codecEndpoint = config.payloadKeys.length > 0 ? await startCodecOfWebUi(config, log, lifecycle) : undefined;
  const ports = { port: config.temporalPort, uiPort: config.temporalUiPort, codecEndpoint };
  const server = await startDevServer({ ...ports, binary, dataDir, log, stopping, onExit: fail });
  onStop(() => server.stop());
  return codecEndpoint;
}

/**
 * Starts a codec endpoint for the embedded Web UI, on loopback. The Web UI can't send a token, so the path is secret
 * instead.
 *
 * @returns its URL
 */
async function startCodecOfWebUi(config: Config, log: Log, lifecycle: Lifecycle): Promise<string> {
  const origins = ['localhost', '127.0.0.1']
    .map((host) => `http://${host}:${config.temporalUiPort}`)
    .concat(config.temporalUiUrl === undefined ? [] : [new URL(config.temporalUiUrl).origin]);
  const onLoopback = { ...config, codec: { ...config.codec, host: '127.0.0.1' } };
  return startCodecEndpoint(
    { config: onLoopback, access: { path: `/${randomBytes(24).toString('hex')}` }, origins, log },
    lifecycle,
  );
}
