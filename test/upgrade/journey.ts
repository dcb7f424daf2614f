import { expect } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { queries, replyState, signals } from '../../src/domain/names.js';
import type { Installation } from './installation.js';
import type { Release } from './release.js';
import { bringAbout, recover, type States } from './states.js';
import { createTexts, startTraffic, type Text, type Texts } from './texts.js';

/** Texts a second that go on through all changes. */
const perSecond = 3;

/** Texts that are accepted while Temporal can't be reached. */
const inInbox = 10;

export interface Journey {
  texts: Texts;
  /** Written under the older release, and under the newer one. */
  before: States;
  between: States;
  /** What was under way at each change. */
  underWay: string[];
}

/**
 * Upgrades an installation from a release to a newer one and goes back, under load, with texts in each state at each
 * change. Operators release some replies after each. Ends when the load has ended; texts may still be under way.
 */
export async function upgradeAndGoBack(installation: Installation, older: Release, newer: Release): Promise<Journey> {
  const texts = createTexts(installation.post);
  const traffic = startTraffic(texts, perSecond);
  const underWay: string[] = [];
  const change = async (to: Release, direction: 'up' | 'down') => {
    underWay.push(await describeUnderWay(installation, texts));
    await installation.change(to, direction, () => texts.writeBatch(inInbox));
  };
  try {
    const before = await bringAbout(installation, texts);
    await change(newer, 'up');
    recover(installation, before);
    await expectParked(installation, [...before.failed, ...before.uncertain]);
    await release(installation, [before.failed[0], before.uncertain[0]]);
    await texts.write({ number: before.optedOut, fate: 'skipped' });

    const between = await bringAbout(installation, texts);
    await change(older, 'down');
    recover(installation, between);
    const parked: [Text, ...Text[]] = [before.failed[1], before.uncertain[1], between.failed[0], ...between.uncertain];
    await expectParked(installation, [...parked, before.failed[2], between.failed[1], between.failed[2]]);
    await release(installation, [...parked, between.failed[1]]);
    for (const { optedOut } of [before, between]) await texts.write({ number: optedOut, fate: 'skipped' });
    for (const text of [before.failed[2], between.failed[2]]) text.fate = 'ReplyFailed';
    return { texts, before, between, underWay };
  } catch (error) {
    texts.giveUp();
    throw error;
  } finally {
    await traffic.stop();
  }
}

/** The worker of the release that runs can continue these runs: it replays them to answer. */
async function expectParked({ client }: Installation, texts: readonly Text[]): Promise<void> {
  for (const { guid } of texts) {
    // Right after a start the server may not know its worker yet.
    const status = await eventually(() => client.workflow.getHandle(guid).query(queries.status), { withinMs: 30_000 });
    expect(status, guid).toMatchObject({ state: 'parked' });
  }
}

/** Sends parked replies again, as operators do: one by the command, and the others by Temporal's own means. */
async function release(installation: Installation, [first, ...others]: readonly [Text, ...Text[]]): Promise<void> {
  const { surroundings, client, answerback } = installation;
  for (const { number } of [first, ...others]) surroundings.accept(number);
  for (const { guid } of others) await client.workflow.getHandle(guid).signal(signals.retryReply);
  expect((await answerback('retry', first.guid)).trim(), first.guid).toBe('sent');
}

async function describeUnderWay({ client, surroundings }: Installation, { all }: Texts): Promise<string> {
  const unanswered = all.size - surroundings.gateway.sent.count;
  const { count: parked } = await client.workflow.count(`${replyState.name} IN ("failed", "uncertain")`);
  return `${unanswered - parked} texts on their way, ${parked} parked, ${inInbox} and more then in the inbox`;
}
