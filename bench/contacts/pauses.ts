import { setTimeout as sleep } from 'node:timers/promises';
import { contact as names, contactState } from '../../src/domain/names.js';
import { paced } from '../../src/cli/paced.js';
import { eventually } from '../../test/kit/eventually.js';
import type { RoundSize } from '../e2e/measured.js';
import type { EverythingOn } from './products.js';
import { type CostRound, measureCost } from './round.js';

/** How many pauses end in a second of a measured round. */
export const endsPerSecond = 25;

/** The longest that a round should take, which decides how many pauses it gets: beyond it, no more pauses end. */
const slowest = { messagesPerSecond: 25, sampleMs: 500 };

/** The fewest pauses that are written in a second, for the time until the first one ends. */
const writesPerSecond = 50;
const writesAtOnce = 20;

export interface PausesRound extends CostRound {
  /** How many pauses ended during the burst. */
  ended: number;
}

let written = 0;

/** Measures a round of the product while pauses end, one after the other. They are written before it. */
export async function measureWhilePausesEnd(product: EverythingOn, size: RoundSize): Promise<PausesRound> {
  const seconds = (size.samples * slowest.sampleMs) / 1_000 + size.messages / slowest.messagesPerSecond;
  const count = Math.ceil(seconds * endsPerSecond);
  const startsAtMs = Date.now() + (count / writesPerSecond) * 1_000;
  const untils = Array.from({ length: count }, (_, index) => startsAtMs + (index * 1_000) / endsPerSecond);
  await paced(untils, { perSecond: Infinity, maxAtOnce: writesAtOnce }, async (untilMs) => {
    const [since, until] = [new Date().toISOString(), new Date(untilMs).toISOString()];
    await product.contacts.pause({
      state: 'paused',
      sender: `+1888${1_000_000 + written++}`,
      since,
      until,
      source: 'operator',
    });
  });
  await sleep(startsAtMs - Date.now());

  const burst = { fromMs: 0, toMs: 0 };
  const throughput = async (messages: number) => {
    burst.fromMs = Date.now();
    const perSecond = await product.throughput(messages);
    burst.toMs = Date.now();
    return perSecond;
  };
  const round = await measureCost({ ...product, throughput }, size);
  await untilAllEnded(product);
  return { ...round, ended: untils.filter((untilMs) => untilMs >= burst.fromMs && untilMs < burst.toMs).length };
}

/** The next side is measured without pauses that end. */
async function untilAllEnded({ client }: EverythingOn): Promise<void> {
  const query =
    `WorkflowType = "${names.workflowType}" AND ExecutionStatus = "Running" AND ` + `${contactState.name} = "paused"`;
  await eventually(async () => (await client.workflow.count(query)).count === 0, { withinMs: 300_000 });
}
