import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load, Measurement, Order } from './load.js';

export interface LoadClient {
  measure(port: number, load: Load): Promise<Measurement>;
  close(): void;
}

/** Starts the load generator as a separate process. */
export function startClient(): LoadClient {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  return {
    measure: (port, load) =>
      new Promise((resolve, reject) => {
        child.once('message', (response: Measurement | { error: string }) => {
          if ('error' in response) reject(new Error(`The load generator failed: ${response.error}`));
          else resolve(response);
        });
        child.send({ port, load } satisfies Order);
      }),
    close: () => child.disconnect(),
  };
}
