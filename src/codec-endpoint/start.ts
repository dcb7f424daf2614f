import { listen } from '../http/server.js';
import type { Config } from '../config/config.js';
import { createKeyring } from '../secrets/keyring.js';
import type { Log } from '../log/log.js';
import type { Lifecycle } from '../process/run-main.js';
import { createPayloadCodec } from '../temporal/payload-codec.js';
import { type Access, createCodecApp } from './app.js';

export interface StartCodecEndpointOptions {
  config: Config;
  access: Access;
  origins: readonly string[];
  log: Log;
}

/** Starts the codec endpoint from the configuration. Returns its URL. */
export async function startCodecEndpoint(
  { config, access, origins, log }: StartCodecEndpointOptions,
  { onStop }: Pick<Lifecycle, 'onStop'>,
): Promise<string> {
  // No log line for an unreadable payload: the response says why.
  const codec = createPayloadCodec(createKeyring(config.payloadKeys), () => {});
  const { port, host } = config.codec;
  const server = await listen(createCodecApp({ codec, access, origins, log }), {
    port,
    host,
    variables: { port: 'CODEC_PORT', host: 'CODEC_HOST' },
  });
  onStop(() => server.close());
  return `http://${host.includes(':') ? `[${host}]` : host}:${server.port}${'path' in access ? access.path : ''}`;
}
