import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../src/config/config.js';
import type { WebhookPost } from '../../src/demo/simulated-gateway/dialect.js';
import { post } from '../../src/demo/simulated-gateway/post-to-webhook.js';
import { simulate } from '../../src/demo/simulated-gateway/simulate.js';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { accountVariables } from '../../test/kit/gateway-accounts.js';
import { testSecret } from '../../test/kit/secret.js';
import { aPost, newNumber } from '../client/requests.js';
import { median } from '../report/statistics.js';
import type { Scope } from '../scope.js';
import { withProcessorTime } from '../servers/footprint.js';
import { repliesOf } from '../servers/replies.js';
import { type SeparateProcesses, startSeparateProcesses } from '../servers/separate-processes.js';
import { inRounds } from './rounds.js';

/** One round of a side; the processor times are in ms per message. */
interface ReceiptRound {
  messagesPerSecond: number;
  server: number;
  worker: number;
  api: number;
  total: number;
}

export type ReceiptRounds = Record<'receipts' | 'none', ReceiptRound[]>;

export const medianOf = (rounds: readonly ReceiptRound[], figure: keyof ReceiptRound): number =>
  median(rounds.map((round) => round[figure]));

/** How many texts are posted at once. Twilio posts each in a request of its own. */
const concurrency = 10;

/**
 * Measures the same burst with a receipt for every reply and without one: api, worker, server and the simulated Twilio
 * are processes of their own. The processor time ends when the api has forwarded all receipts.
 */
export async function measureReceipts(
  scope: Scope,
  { rounds, messages }: { rounds: number; messages: number },
): Promise<ReceiptRounds> {
  let account: Record<string, string> = {};
  const parts = await startSeparateProcesses(scope, ({ apiUrl, publicUrl }) => {
    const { port } = new URL(publicUrl);
    const replies = { PUBLIC_URL: publicUrl, SMS_AUTO_REPLY_ENABLED: 'true' };
    return (account = { ...accountVariables('twilio', apiUrl), ...replies, PORT: port });
  });
  const { dialect } = simulate(loadConfig(account), testSecret);
  const textPost = () =>
    dialect.postOfText({ number: newNumber(), text: aPost.message, guid: randomUUID(), at: new Date() });
  const burst = async (receipts: Receipts, count: number) => {
    const posts = Array.from({ length: count }, textPost);
    return runBurst(parts, receipts, posts);
  };
  const sides: Record<keyof ReceiptRounds, Receipts> = { receipts: ['delivered'], none: [] };
  for (const side of Object.values(sides)) await burst(side, 50);
  return inRounds(sides, { rounds, title: 'Receipts' }, async (receipts) => {
    const { temporal: server, worker, api } = parts.pids;
    const { result, usedMs } = await withProcessorTime({ server, worker, api }, () => burst(receipts, messages));
    const total = usedMs.server + usedMs.worker + usedMs.api;
    const perMessage = Object.entries({ ...usedMs, total }).map(([part, used]) => [part, used / messages]);
    return {
      messagesPerSecond: result,
      ...(Object.fromEntries(perMessage) as Omit<ReceiptRound, 'messagesPerSecond'>),
    };
  });
}

type Receipts = NonNullable<ScriptInput[number]['receipts']>;

/** Posts texts, waits for their replies and receipts, and returns the messages per second, to the last reply. */
async function runBurst(
  { gatewayUrl, metricsUrl }: SeparateProcesses,
  receipts: Receipts,
  posts: readonly WebhookPost[],
): Promise<number> {
  const script: ScriptInput = [{ receipts, times: posts.length }];
  await fetch(`${gatewayUrl}/sent`, { method: 'DELETE' });
  await fetch(`${gatewayUrl}/script`, { method: 'POST', body: JSON.stringify(script) });
  const forwardedBefore = await forwardedReceipts(metricsUrl);
  const from = Date.now();
  const rest = [...posts];
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let next = rest.pop(); next; next = rest.pop()) await post(next);
    }),
  );
  await untilAll(posts.length, async () => (await repliesOf(gatewayUrl)).count);
  await untilAll(receipts.length * posts.length, async () => (await forwardedReceipts(metricsUrl)) - forwardedBefore);
  const { sent } = await repliesOf(gatewayUrl);
  return posts.length / ((Math.max(...sent.map(({ at }) => Date.parse(at))) - from) / 1_000);
}

/** Waits for this many. It asks rarely, since each look takes a measured process some time. */
async function untilAll(expected: number, count: () => Promise<number>): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (let known = await count(); known < expected; known = await count()) {
    if (Date.now() > deadline) throw new Error(`${known} of ${expected} replies or receipts came in two minutes`);
    await sleep(250);
  }
}

/** Returns how many receipts the api has brought to Temporal. */
async function forwardedReceipts(metricsUrl: string): Promise<number> {
  const exposition = await (await fetch(metricsUrl)).text();
  const counts = exposition.matchAll(/^answerback_receipts_total\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
