import { createServer } from 'node:net';
import process from 'node:process';

/**
 * Ports are taken from this range. It lies below the ports that systems give to outgoing connections, so no connection
 * takes a port between the check and the start of the program. A Temporal cluster needs ports up to 32,767, too.
 */
const [lowest, highest] = [20_000, 32_000];
/** Each worker of the tests takes its ports from a slice of its own, one after the other, so that no two take the same. */
const slices = 16;
const slice = Number(process.env['VITEST_POOL_ID'] ?? 0) % slices;
const width = (highest - lowest) / slices;
let taken = Math.floor(Math.random() * width);

/** A port of 127.0.0.1 on which nothing listens at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + slice * width + (taken++ % width);
    if (await isFree(port)) return port;
  }
}

/** Different free ports. */
export async function freePortNumbers(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
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
