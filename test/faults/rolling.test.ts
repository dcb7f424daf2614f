import { afterEach, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from './fleet.js';
import { compare, postTexts, uncertainButSent } from './ledger.js';
import { outcomesOf } from './outcomes.js';

const restarts = 8;

describe(`${restarts} rolling restarts of the worker, under traffic`, () => {
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  it('leave no reply uncertain, and each old worker ends with exit code 0', { timeout: 400_000 }, async () => {
    const running = (fleet = await startFleet({ env: { LOG_LEVEL: 'info' } }));
    let rolling = true;
    const exitCodes: Array<number | null> = [];
    const acknowledged = new Map<string, string>();
    const traffic = (async () => {
      for (let from = 0; rolling; from += 50) {
        const batch = await postTexts(running.webhook, { count: 50, perSecond: 10, from });
        for (const [guid, number] of batch.acknowledged) acknowledged.set(guid, number);
      }
    })();
    for (let restart = 0; restart < restarts; restart++) exitCodes.push(await running.rollWorker());
    rolling = false;
    await traffic;

    const outcomes = await outcomesOf(running.client, [...acknowledged.keys()], 120_000);
    const { uncertain, ...others } = compare(acknowledged, outcomes, running.gateway.sent.texts);
    console.log(`${restarts} restarts, ${acknowledged.size} texts, ${uncertain.length} ended uncertain`);
    expect(others).toEqual({ lost: [], twice: [], unanswered: [] });
    expect(uncertainButSent(uncertain, acknowledged, running.gateway.sent.texts)).toEqual([]);
    // Never sent: none on a quiet machine.
    expect(uncertain.length).toBeLessThanOrEqual(acknowledged.size / 100);
    expect(exitCodes).toEqual(Array.from({ length: restarts }, () => 0));
  });
});
