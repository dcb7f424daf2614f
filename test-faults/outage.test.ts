import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../test/helpers/eventually.js';
import { type Fleet, startFleet } from './fleet.js';
import { compare, deliver } from './ledger.js';
import { outcomesOf } from './outcomes.js';

const outageMs = 30_000;
const perSecond = 20;
/** What a gateway is promised, and as much again for a noisy machine. */
const answeredWithinMs = 3_000;

describe('Temporal away for 30 s, under load', () => {
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  /** Delivers from before the outage until after it. */
  async function deliverThroughOutage(running: Fleet) {
    const delivering = deliver(running.webhook, { count: (outageMs / 1_000 + 10) * perSecond, perSecond });
    await sleep(5_000);
    await running.stopTemporal();
    await sleep(outageMs);
    await running.returnTemporal();
    return delivering;
  }

  it('is no matter to the gateway: every post is a 200, the backlog drains, one reply each', { timeout: 240_000 }, async () => {
    fleet = await startFleet({ env: { LOG_LEVEL: 'info' } });
    const { gateway, client, pendingInInbox, webhook } = fleet;
    await eventually(() => fetch(webhook).then((response) => response.ok));
    const deliveries = await deliverThroughOutage(fleet);
    expect(deliveries.refused).toBe(0);
    expect(deliveries.slowestMs).toBeLessThan(answeredWithinMs);

    await eventually(() => pendingInInbox() === 0, { withinMs: 60_000 });
    const outcomes = await outcomesOf(client, [...deliveries.acknowledged.keys()], 90_000);
    const { lost, twice, unanswered, uncertain } = compare(deliveries.acknowledged, outcomes, gateway.sent.texts);
    console.log(`${deliveries.acknowledged.size} acknowledged, slowest answer ${Math.round(deliveries.slowestMs)} ms, ${uncertain.length} ended uncertain`);
    expect({ lost, twice, unanswered }).toEqual({ lost: [], twice: [], unanswered: [] });
    const lines = fleet.apiOutput().split('\n');
    expect(lines.filter((line) => line.includes('temporal.away')).length).toBe(1);
    expect(lines.filter((line) => line.includes('temporal.returned')).length).toBe(1);
  });

  it('is a test that can fail: an api without an inbox refuses posts', { timeout: 240_000 }, async () => {
    fleet = await startFleet({ env: { ACK_AFTER: 'temporal' } });
    const { webhook } = fleet;
    await eventually(() => fetch(webhook).then((response) => response.ok));
    const delivering = deliver(webhook, { count: 40, perSecond: 10 });
    await sleep(1_000);
    await fleet.stopTemporal();
    await sleep(4_000);
    await fleet.returnTemporal();
    expect((await delivering).refused).toBeGreaterThan(0);
  });
});
