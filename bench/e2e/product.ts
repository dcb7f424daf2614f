import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../client/connection.js';
import { aPost, requestOf } from '../client/requests.js';
import type { ServedWhole } from '../servers/answerback.js';
import { repliesOf } from '../servers/replies.js';
import { randomInt, randomUUID } from 'node:crypto';
import type { Side } from './measured.js';

const largestBatch = 100;

/** The product: handed over with its 200, replied when the text arrives at the simulated gateway. */
export function productSide({ port, gatewayUrl }: Pick<ServedWhole, 'port' | 'gatewayUrl'>): Side {
  const posts = (count: number) => Array.from({ length: count }, () => ({ ...aPost, number: `+1555${randomInt(1e6, 1e7)}`, guid: randomUUID() }));
  return {
    async throughput(messages) {
      await clear(gatewayUrl);
      const requests = Array.from({ length: Math.ceil(messages / largestBatch) }, (_, index) => requestOf(posts(Math.min(largestBatch, messages - index * largestBatch))));
      const connection = Connection.open(port);
      const firstAck = await post(connection, requests.shift() as Buffer);
      for (const request of requests) await post(connection, request);
      connection.close();
      return messages / ((Math.max(...(await arrivals(gatewayUrl, messages))) - firstAck) / 1_000);
    },
    async idle(samples) {
      const connection = Connection.open(port);
      const times: number[] = [];
      for (let i = 0; i < samples; i++) {
        await clear(gatewayUrl);
        await sleep(250);
        const acknowledgedAt = await post(connection, requestOf(posts(1)));
        await sleep(150);
        const [arrivedAt = NaN] = await arrivals(gatewayUrl, 1);
        times.push(arrivedAt - acknowledgedAt);
      }
      connection.close();
      return times;
    },
  };
}

/** Returns the time of the answer, in Unix milliseconds with fractions. */
async function post(connection: Connection, request: Buffer): Promise<number> {
  const status = await new Promise((resolve, reject) => connection.send(request, resolve, reject));
  const at = performance.timeOrigin + performance.now();
  if (status !== 200) throw new Error(`a message was answered with ${String(status)}`);
  return at;
}

/** Waits for that many replies; asks seldom, since the gateway shares its process with what is measured. */
async function arrivals(gatewayUrl: string, count: number): Promise<number[]> {
  for (const deadline = performance.now() + 60_000; ; ) {
    const { sent } = await repliesOf(gatewayUrl);
    // The gateway's clock shows whole milliseconds: half of one is what it cuts off on average.
    if (sent.length >= count) return sent.map(({ at }) => Date.parse(at) + 0.5);
    if (performance.now() > deadline) throw new Error(`${sent.length} of ${count} replies arrived within a minute`);
    await sleep(250);
  }
}

async function clear(gatewayUrl: string): Promise<void> {
  await fetch(`${gatewayUrl}/sent`, { method: 'DELETE' });
}
