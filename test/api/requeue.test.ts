import { describe, expect, it } from 'vitest';
import { createQuarantineDesk } from '../../src/api/quarantine-desk.js';
import { namesIn, readAgain } from '../../src/api/requeue.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage, anEvent, aPost } from '../helpers/messages.js';

const now = new Date('2026-11-24T00:00:00Z');
const raw = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const again = (value: unknown, mending = {}, reason = 'message: Invalid input') => readAgain({ reason, raw: raw(value) }, mending, now);

describe('what was rejected, read once more', () => {
  it('is read as the webhook reads it, and counts as accepted now', () => {
    expect(again(aPost({ guid: 'g', message: 'm' })).messages).toEqual([expect.objectContaining({ guid: 'g', text: 'm', acceptedAt: now.toISOString() })]);
    expect(again({ guid: 'g', number: '1' })).toMatchObject({ messages: [], rejected: [{ reason: expect.stringContaining('message:') as unknown }] });
    expect(() => again('no JSON')).toThrow('The body must be JSON in UTF-8.');
  });

  it('is mended in its own format', () => {
    expect(again({ guid: 'g', number: '1' }, { message: 'm' }).messages).toMatchObject([{ guid: 'g', number: '1', text: 'm' }]);
    expect(again(anEvent({ guid: 'g', from: null, message: 'm' }), { number: '+1' }).messages).toMatchObject([{ guid: 'g', number: '+1', text: 'm' }]);
    expect(again('no JSON', { guid: 'g', number: '1', message: '' }).messages).toMatchObject([{ guid: 'g', number: '1', text: '' }]);
    expect(again('no JSON', { guid: 'g' })).toMatchObject({ messages: [], rejected: [{}] });
    expect(() => again({ messages: [] }, { guid: 'g' })).toThrow('It is a batch, of which single fields cannot be set.');
  });

  it('has a GUID of its own where the old one is another text, always the same', () => {
    const conflict = (text: string, guid = 'g') => again(aMessage({ guid, text, date: 'd' }), {}, 'guid-conflict').messages[0];
    expect(conflict('a')).toMatchObject({ guid: 'g-ca978112', text: 'a', date: 'd', number: '+15550001234' });
    expect(conflict('a')?.guid).toBe(conflict('a')?.guid);
    expect(conflict('b')?.guid).not.toBe(conflict('a')?.guid);
    expect(conflict('a', 'g'.repeat(1_000))?.guid).toHaveLength(1_000);
    expect(again(aMessage({ guid: 'g', text: 'a' }), { guid: 'chosen' }, 'guid-conflict').messages).toMatchObject([{ guid: 'chosen', text: 'a' }]);
  });
});

it('names are told from whatever has some', () => {
  for (const [value, names] of [
    [aPost({ guid: 'g', number: 15550001234 }), { guid: 'g', number: '15550001234' }],
    [anEvent({ guid: 'g', from: '+1' }), { guid: 'g', number: '+1' }],
    [{ guid: { a: 1 } }, { guid: undefined, number: undefined }],
    ['no JSON', {}],
    [[1], {}],
    [null, {}],
  ] as const) {
    expect(namesIn({ raw: raw(value) })).toEqual(names);
  }
});

describe('the desk', () => {
  it('leaves an entry where it is when nothing in it is valid', async () => {
    const desk = createQuarantineDesk({
      log: silentLog,
      inbox: { quarantined: async (after) => (after < 7 ? [{ id: 7, at: 0, reason: 'r', raw: raw({ type: 'call.missed', data: {} }) }] : []), requeue: () => Promise.reject(new Error('not to be asked')) },
    });
    expect(await desk.requeue(7, {})).toEqual({ accepted: [], duplicates: 0, rejected: ['It brings no message'], left: [7] });
    expect(await desk.requeue(6, {})).toBeUndefined();
    expect(await desk.show(8)).toBeUndefined();
  });

  it('says by which id what is left of an entry can be found', async () => {
    const batch = { messages: [aPost({ guid: 'g' }), { guid: 'h' }] };
    const desk = createQuarantineDesk({
      log: silentLog,
      inbox: { quarantined: async () => [{ id: 7, at: 0, reason: 'r', raw: raw(batch) }], requeue: async () => ({ fresh: 1, conflicts: [], left: [8] }) },
    });
    expect(await desk.requeue(7, {})).toMatchObject({ accepted: ['g'], rejected: [expect.stringContaining('number') as unknown], left: [8] });
  });
});
