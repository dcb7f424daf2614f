import { createServer } from 'node:net';

/**
 * Ports are taken from this range. It lies below the ports that systems give to outgoing connections, so no connection
 * takes a port between the check and the start of the program. A Temporal cluster needs ports up to 32,767, too.
 */
const [lowest, highest] = [20_000, 32_000];

/** A port of 127.0.0.1 on which nothing listens at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

/** Different free ports. */
export async function freePortNumbers(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}

/** The ports of the whole product, as variables. */
export interface ProductPorts extends Record<string, string> {
  PORT: string;
  TEMPORAL_PORT: string;
  TEMPORAL_UI_PORT: string;
  GATEWAY_PORT: string;
  METRICS_PORT: string;
  CODEC_PORT: string;
}

export async function freePorts(): Promise<ProductPorts> {
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'GATEWAY_PORT', 'METRICS_PORT', 'CODEC_PORT'];
  const ports = await freePortNumbers(names.length);
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])])) as ProductPorts;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
