import { fork } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BareAnswer, BareOrder } from '../baselines/bare-orders.js';
import type { Side } from './measured.js';

/** The bare workflow on the same server: handed over with the call that starts it, replied when its second activity runs. */
export async function startBare(temporalAddress: string, folder: string): Promise<Side & { close(): Promise<void> }> {
  const script = fileURLToPath(new URL('../baselines/bare-worker.ts', import.meta.url));
  const child = fork(script, [temporalAddress, path.join(folder, 'bare-bundle.js')], { execArgv: ['--import', 'tsx'] });
  const answer = () =>
    new Promise<number[]>((resolve, reject) => {
      child.once('message', (answer: BareAnswer) => {
        if (answer.kind === 'failed') reject(new Error(answer.error));
        else resolve(answer.kind === 'measured' ? answer.values : []);
      });
    });
  const ask = (order: BareOrder) => {
    child.send(order);
    return answer();
  };
  await answer();
  return {
    throughput: async (messages) => (await ask({ kind: 'throughput', messages }))[0] as number,
    idle: (samples) => ask({ kind: 'idle', samples }),
    async close() {
      if (!child.connected) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
    },
  };
}
