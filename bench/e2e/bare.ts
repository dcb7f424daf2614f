import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BareResponse, BareOrder } from '../baselines/bare-orders.js';
import type { Side } from './measured.js';

/**
 * Measures the bare workflow on the same server, from the call that starts it until its second activity runs.
 *
 * @param options.eager starts runs eagerly, as `npm start` does, whose worker and api share a process
 */
export async function startBare(
  temporalAddress: string,
  { eager }: { eager: boolean },
): Promise<Side & { pid: number; close(): Promise<void> }> {
  const script = fileURLToPath(new URL('../baselines/bare-worker.ts', import.meta.url));
  const child = fork(script, [temporalAddress, ...(eager ? ['eager'] : [])], { execArgv: ['--import', 'tsx'] });
  const nextResponse = () =>
    new Promise<number[]>((resolve, reject) => {
      child.once('message', (response: BareResponse) => {
        if (response.kind === 'failed') reject(new Error(response.error));
        else resolve(response.kind === 'measured' ? response.values : []);
      });
    });
  const request = (order: BareOrder) => {
    child.send(order);
    return nextResponse();
  };
  await nextResponse();
  return {
    pid: child.pid as number,
    throughput: async (messages) => (await request({ kind: 'throughput', messages }))[0] as number,
    idle: (samples) => request({ kind: 'idle', samples }),
    async close() {
      if (!child.connected) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
    },
  };
}
