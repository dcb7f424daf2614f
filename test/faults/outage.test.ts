import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { type Fleet, startFleet } from './fleet.js';
import { compare, postTexts } from './ledger.js';
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

  /** Posts from before the outage until after it. */
  async function postThroughOutage(running: Fleet) {
    const posting = postTexts(running.webhook, { count: (outageMs / 1_000 + 10) * perSecond, perSecond });
    await sleep(5_000);
    await running.stopTemporal();
    await sleep(outageMs);
    await running.returnTemporal();
    return posting;
  }

  it(
    'is not noticed by the gateway: every post is a 200, the backlog drains, one reply each',
    { timeout: 240_000 },
    async () => {
      fleet = await startFleet({ env: { LOG_LEVEL: 'info' } });
      const { gateway, client, pendingInInbox, webhook } = fleet;
      await eventually(() => fetch(webhook).then((response) => response.ok));
      const posted = await postThroughOutage(fleet);
      expect(posted.refused).toBe(0);
      expect(posted.slowestMs).toBeLessThan(answeredWithinMs);

      await eventually(() => pendingInInbox() === 0, { withinMs: 60_000 });
      const outcomes = await outcomesOf(client, [...posted.acknowledged.keys()], 90_000);
      const { lost, twice, unanswered, uncertain } = compare(posted.acknowledged, outcomes, gateway.sent.texts);
      console.log(
        `${posted.acknowledged.size} acknowledged, slowest response ${Math.round(posted.slowestMs)} ms, ${uncertain.length} ended uncertain`,
      );
      expect({ lost, twice, unanswered }).toEqual({ lost: [], twice: [], unanswered: [] });
      // A server that has just started may stop responding once more: each loss is followed by a return.
      const noted = fleet.apiOutput().match(/temporal\.(lost|returned)/g) ?? [];
      expect(noted.length).toBeGreaterThan(0);
      expect(noted).toEqual(noted.map((_, index) => (index % 2 === 0 ? 'temporal.lost' : 'temporal.returned')));
      expect(noted.at(-1)).toBe('temporal.returned');
    },
  );

  it('is a test that can fail: an api without an inbox refuses posts', { timeout: 240_000 }, async () => {
    fleet = await startFleet({ env: { ACK_AFTER: 'temporal' } });
    const { webhook } = fleet;
    await eventually(() => fetch(webhook).then((response) => response.ok));
    const posting = postTexts(webhook, { count: 40, perSecond: 10 });
    await sleep(1_000);
    await fleet.stopTemporal();
    await sleep(4_000);
    await fleet.returnTemporal();
    expect((await posting).refused).toBeGreaterThan(0);
  });
});
