import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Load, Measurement, Order } from './load.js';

export interface LoadClient {
  measure(port: number, load: Load): Promise<Measurement>;
  close(): void;
}

/** Starts the process that sends the load. */
export function startClient(): LoadClient {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  return {
    measure: (port, load) =>
      new Promise((resolve, reject) => {
        child.once('message', (answer: Measurement | { error: string }) => {
          if ('error' in answer) reject(new Error(`The load client failed: ${answer.error}`));
          else resolve(answer);
        });
        child.send({ port, load } satisfies Order);
      }),
    close: () => child.disconnect(),
  };
}
