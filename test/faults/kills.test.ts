import { afterEach, describe, expect, it } from 'vitest';
import { type Fleet, type Part, startFleet } from './fleet.js';
import { killUntil } from './killing.js';
import { compare, postTexts } from './ledger.js';
import { outcomesOf } from './outcomes.js';
import { createRandom, seed } from './random.js';

const messages = 1_000;
const perSecond = 20;
/** Kills that must have landed in each window, and during sends: of about 20, so that chance alone is never below it. */
const minLandings = 2;

type Window = 'accept to forward' | 'forward to dispatch';

describe('kill -9 at random moments, under load', () => {
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  it('loses no acknowledged text and sends none twice', { timeout: 700_000 }, async () => {
    const running = (fleet = await startFleet());
    const random = createRandom();
    const landings: Record<Window, number> = { 'accept to forward': 0, 'forward to dispatch': 0 };
    let isPosting = true;
    let kills = 0;
    let noted = 0;
    const killing = killUntil(running, {
      isOver: () => !isPosting,
      next: () => (['api', 'worker', 'temporal'] satisfies Part[])[Math.floor(random() * 3)] as Part,
      random,
      onKill(part) {
        kills++;
        for (const window of windowsHit(running, part, noted)) landings[window]++;
      },
    });
    const { acknowledged, refused } = await postTexts(running.webhook, {
      count: messages,
      perSecond,
      onAcknowledged: () => noted++,
    });
    isPosting = false;
    await killing;

    const outcomes = await outcomesOf(running.client, [...acknowledged.keys()], 240_000);
    const verdicts = compare(acknowledged, outcomes, running.gateway.sent.texts);
    console.log(
      `seed ${seed}: ${kills} kills, landed ${JSON.stringify(landings)}; ${acknowledged.size} acknowledged, ` +
        `${refused} refusals posted again, ${running.gateway.sent.count} sends accepted, ${verdicts.uncertain.length} ended uncertain`,
    );
    expect(acknowledged.size).toBeGreaterThanOrEqual(messages);
    expect({ lost: verdicts.lost, twice: verdicts.twice, unanswered: verdicts.unanswered }).toEqual({
      lost: [],
      twice: [],
      unanswered: [],
    });
    // A reply ends uncertain only when its worker or Temporal was killed during the send.
    for (const count of [...Object.values(landings), verdicts.uncertain.length])
      expect(count).toBeGreaterThanOrEqual(minLandings);
  });

  it('is a test that can fail: an api that acknowledges from memory loses texts', { timeout: 180_000 }, async () => {
    fleet = await startFleet({ mains: { api: ['--import', 'tsx', 'test/faults/controls/memory-api.ts'] } });
    const posted = await killWhilePosting(fleet, 'api');
    const outcomes = await outcomesOf(fleet.client, [...posted.acknowledged.keys()], 30_000);
    const { lost } = compare(posted.acknowledged, outcomes, fleet.gateway.sent.texts);
    console.log(`control: ${lost.length} of ${posted.acknowledged.size} acknowledged texts lost`);
    expect(lost.length).toBeGreaterThan(0);
  });

  it(
    'is a test that can fail: a worker that retries uncertain sends sends texts twice',
    { timeout: 180_000 },
    async () => {
      fleet = await startFleet({ mains: { worker: ['--import', 'tsx', 'test/faults/controls/retrying-worker.ts'] } });
      const posted = await killWhilePosting(fleet, 'worker');
      const outcomes = await outcomesOf(fleet.client, [...posted.acknowledged.keys()], 90_000);
      const { twice } = compare(posted.acknowledged, outcomes, fleet.gateway.sent.texts);
      console.log(`control: ${twice.length} of ${posted.acknowledged.size} texts answered twice`);
      expect(twice.length).toBeGreaterThan(0);
    },
  );
});

/** A short load, during which one part is killed again and again. */
async function killWhilePosting(fleet: Fleet, part: Part) {
  let isPosting = true;
  const killing = killUntil(fleet, { isOver: () => !isPosting, next: () => part, random: createRandom() });
  const posted = await postTexts(fleet.webhook, { count: 300, perSecond: 15 });
  isPosting = false;
  await killing;
  return posted;
}

/** Between which steps of some message's way a kill of this part lands at this moment. */
function windowsHit(fleet: Fleet, part: Part, acknowledged: number): Window[] {
  const pending = fleet.pendingInInbox();
  if (pending === undefined) return [];
  const started = acknowledged - pending - fleet.gateway.sent.count;
  const windows: Window[] = [];
  if (part !== 'worker' && pending > 0) windows.push('accept to forward');
  if (part !== 'api' && started > 0) windows.push('forward to dispatch');
  return windows;
}
