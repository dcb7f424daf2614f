import { afterEach, describe, expect, it } from 'vitest';
import { signals } from '../../src/domain/names.js';
import { realActivities } from '../helpers/real-activities.js';
import { eventually } from '../kit/eventually.js';
import { contacts, from, gateway, outcomeOf, sentTo, start, useTexting } from './texting.js';

useTexting(realActivities);
afterEach(() => gateway.script([]));

describe('STOP', () => {
  it('is confirmed once, silences everything but HELP, and START ends it', async () => {
    expect(await outcomeOf('STOP')).toMatchObject({ verdict: { label: 'opt-out', by: 'rules' }, reply: 'sent' });
    expect(sentTo(from)).toHaveLength(1);
    expect(await contacts().find([from])).toMatchObject({ state: 'opted-out', words: 'STOP', source: 'text' });

    const silent = { reply: 'skipped', reason: 'opted-out' };
    expect(await outcomeOf('stop!')).toMatchObject(silent);
    expect(await outcomeOf('When do you open?')).toMatchObject(silent);
    expect(sentTo(from)).toHaveLength(1);

    expect(await outcomeOf('HELP')).toMatchObject({ reply: 'sent' });
    expect(sentTo(from)).toHaveLength(2);

    expect(await outcomeOf('START')).toMatchObject({ verdict: { label: 'start' }, reply: 'sent' });
    expect(await contacts().find([from])).toBeUndefined();
    expect(await outcomeOf('When do you open?')).toMatchObject({ reply: 'sent' });
    expect(sentTo(from)).toHaveLength(4);
  });

  it('is in the language of its keyword, and YES gets a label unless the sender has opted out', async () => {
    expect(await outcomeOf('yes')).toMatchObject({ verdict: { label: 'Agree' }, reply: 'sent' });
    await outcomeOf('ALTO');
    const [, confirmation] = sentTo(from);
    expect(confirmation).toMatch(/mensajes/);
    expect(await outcomeOf('yes')).toMatchObject({ reply: 'sent' });
    expect(await contacts().find([from])).toBeUndefined();
    expect(sentTo(from)).toHaveLength(3);
    expect(sentTo(from)[2]).not.toBe(sentTo(from)[0]);
  });

  it.each([
    ['the reply to a text', 'Yes', []],
    ['the confirmation of a START', 'START', []],
    ['that of a yes from a sender who had opted out', 'Yes', ['STOP']],
  ])('ends %s that is parked, when an operator releases it', async (_, text, before) => {
    for (const earlier of before) await outcomeOf(earlier);
    gateway.script([{ status: 400 }]);
    const parked = await start(text);
    await eventually(async () => (await parked.query<{ state: string }>('status')).state === 'parked');
    gateway.script([]);
    await outcomeOf('STOP');
    const confirmed = sentTo(from);
    await parked.signal(signals.retryReply);
    expect(await parked.result()).toMatchObject({ reply: 'skipped', reason: 'opted-out' });
    expect(sentTo(from)).toEqual(confirmed);
    expect(confirmed).toHaveLength(before.length + 1);
  });

  it('ends a reply that is retried', async () => {
    gateway.script([{ status: 429, times: 2 }]);
    const retried = await start('Yes');
    await eventually(
      async () => (await retried.describe()).raw.pendingActivities?.[0]?.lastFailure?.message !== undefined,
    );
    gateway.script([]);
    await outcomeOf('STOP');
    expect(await retried.result()).toMatchObject({ reply: 'skipped', reason: 'opted-out' });
    expect(sentTo(from)).toHaveLength(1);
  });
});

describe('a sender who wants a person', () => {
  it('gets one holding reply, then none, and is found as handed over', async () => {
    expect(await outcomeOf('agent please')).toMatchObject({ verdict: { label: 'person' }, reply: 'sent' });
    expect(await outcomeOf('Yes')).toMatchObject({ reply: 'skipped', reason: 'handed-over' });
    expect(await outcomeOf('agent please')).toMatchObject({ reply: 'skipped', reason: 'handed-over' });
    expect(sentTo(from)).toHaveLength(1);
    const found = await contacts().find([from]);
    expect(Date.parse(found?.until ?? '') - Date.now()).toBeGreaterThan(11 * 3_600_000);
  });

  it('gets nothing when they only want peace', async () => {
    expect(await outcomeOf('leave me alone')).toMatchObject({ reply: 'skipped', reason: 'handed-over' });
    expect(await outcomeOf('Yes')).toMatchObject({ reply: 'skipped', reason: 'handed-over' });
    expect(sentTo(from)).toEqual([]);
  });
});
