import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../client/connection.js';
import { aPost, newNumber, requestOf } from '../client/requests.js';
import type { ServedWhole } from '../servers/answerback.js';
import { repliesOf } from '../servers/replies.js';
import { randomUUID } from 'node:crypto';
import type { Side } from './measured.js';

const maxBatchMessages = 100;

/** Measures the product, from its 200 until the reply arrives at the simulated gateway. */
export function productSide({ port, gatewayUrl }: Pick<ServedWhole, 'port' | 'gatewayUrl'>): Side {
  const posts = (count: number) =>
    Array.from({ length: count }, () => ({ ...aPost, number: newNumber(), guid: randomUUID() }));
  return {
    async throughput(messages) {
      await clear(gatewayUrl);
      const requests = Array.from({ length: Math.ceil(messages / maxBatchMessages) }, (_, index) =>
        requestOf(posts(Math.min(maxBatchMessages, messages - index * maxBatchMessages))),
      );
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

/** Posts a request and returns the time of the response, in fractional Unix milliseconds. */
async function post(connection: Connection, request: Buffer): Promise<number> {
  const status = await new Promise((resolve, reject) => connection.send(request, resolve, reject));
  const at = performance.timeOrigin + performance.now();
  if (status !== 200) throw new Error(`a post was answered with status ${String(status)}`);
  return at;
}

/** How long a reply may take on a busy machine: then one is lost or parked, and the figures would be wrong. */
const maxWaitMs = 60_000;

/**
 * Waits for this many replies and returns when they arrived. It polls rarely: the gateway shares the measured process.
 */
async function arrivals(gatewayUrl: string, count: number): Promise<number[]> {
  let last = { count: 0, at: performance.now() };
  for (;;) {
    const { sent } = await repliesOf(gatewayUrl);
    if (sent.length > last.count) last = { count: sent.length, at: performance.now() };
    // The gateway reports whole milliseconds; truncation loses half a millisecond on average.
    if (sent.length >= count) return sent.map(({ at }) => Date.parse(at) + 0.5);
    if (performance.now() > last.at + maxWaitMs)
      throw new Error(`${sent.length} of ${count} replies arrived, and none in the last minute`);
    await sleep(250);
  }
}

async function clear(gatewayUrl: string): Promise<void> {
  await fetch(`${gatewayUrl}/sent`, { method: 'DELETE' });
}
