import { mkdir } from 'node:fs/promises';
import pino from 'pino';
import { defaultCacheFolder, findTemporalBinary } from '../../src/temporal/binary.js';
import { startTemporalServer, type TemporalServer } from '../../src/temporal/server.js';
import { freePort } from '../../test/helpers/free-port.js';

/** A real Temporal server with a database in `folder`, started as the product starts its own. */
export async function startTemporal(folder: string): Promise<TemporalServer> {
  await mkdir(folder, { recursive: true });
  const env = process.env as Record<string, string>;
  const common = { log: pino({ level: 'warn' }), stopping: new AbortController().signal };
  const binary = await findTemporalBinary({ ...common, searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env) });
  const onExit = (error: unknown) => console.error(error);
  return startTemporalServer({ ...common, binary, dataDir: folder, port: await freePort(), uiPort: await freePort(), onExit });
}
