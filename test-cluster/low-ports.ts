import { createServer } from 'node:net';

/** The server keeps the ports of its membership in a column for numbers up to 32,767, below the ports that systems give out. */
const [lowest, highest] = [20_000, 32_000];

/** So many ports of 127.0.0.1 that nobody listens on at this moment. */
export async function lowFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
