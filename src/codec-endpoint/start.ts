import { listen } from '../http/server.js';
import type { Config } from '../config.js';
import { createKeyring } from '../keyring.js';
import type { Log } from '../log.js';
import type { Starting } from '../process.js';
import { createPayloadCodec } from '../temporal/payload-codec.js';
import { type Access, createCodecApp } from './app.js';

export interface CodecEndpointParts {
  config: Config;
  access: Access;
  origins: readonly string[];
  log: Log;
}

/** Wires the codec endpoint from the settings and listens. Returns where it is. */
export async function startCodecEndpoint({ config, access, origins, log }: CodecEndpointParts, { onStop }: Pick<Starting, 'onStop'>): Promise<string> {
  // What does not open is said in its place, to the one who asked.
  const codec = createPayloadCodec(createKeyring(config.payloadKeys), () => {});
  const { port, host } = config.codec;
  const server = await listen(createCodecApp({ codec, access, origins, log }), { port, host, variables: { port: 'CODEC_PORT', host: 'CODEC_HOST' } });
  onStop(() => server.close());
  return `http://${host.includes(':') ? `[${host}]` : host}:${server.port}${'path' in access ? access.path : ''}`;
}
