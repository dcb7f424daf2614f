import { describe, expect, it } from 'vitest';
import { createQuarantineAdmin } from '../../../src/api/admin/quarantine.js';
import { readAgain } from '../../../src/api/admin/requeue.js';
import { smsMobileApiInbound } from '../../helpers/gateways.js';
import { silentLog } from '../../helpers/logs.js';
import { anEvent, aPost } from '../../helpers/messages.js';

const inbound = smsMobileApiInbound();
const now = new Date('2026-11-24T00:00:00Z');
const raw = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const again = (value: unknown, corrections = {}) => readAgain(inbound, raw(value), corrections, now);

describe('a rejected message, read again', () => {
  it('is read like a post to the webhook, and accepted at the present time', () => {
    expect(again(aPost({ guid: 'g', message: 'm' })).messages).toEqual([
      expect.objectContaining({ id: 'g', text: 'm', acceptedAt: now.toISOString() }),
    ]);
    expect(again({ guid: 'g', number: '1' })).toMatchObject({
      messages: [],
      rejected: [{ reason: expect.stringContaining('message:') as unknown }],
    });
    expect(() => again('no JSON')).toThrow('The body must be JSON in UTF-8.');
  });

  it('is corrected in its own format', () => {
    expect(again({ guid: 'g', number: '1' }, { message: 'm' }).messages).toMatchObject([
      { id: 'g', from: '1', text: 'm' },
    ]);
    expect(again(anEvent({ guid: 'g', from: null, message: 'm' }), { number: '+1' }).messages).toMatchObject([
      { id: 'g', from: '+1', text: 'm' },
    ]);
    expect(again('no JSON', { guid: 'g', number: '1', message: '' }).messages).toMatchObject([
      { id: 'g', from: '1', text: '' },
    ]);
    expect(again('no JSON', { guid: 'g' })).toMatchObject({ messages: [], rejected: [{}] });
    expect(() => again({ messages: [] }, { guid: 'g' })).toThrow(
      "The entry is a batch: the fields of its messages can't be set.",
    );
  });
});

it('names are found wherever a post has them', () => {
  for (const [value, names] of [
    [aPost({ guid: 'g', number: 15550001234 }), { guid: 'g', number: '15550001234' }],
    [anEvent({ guid: 'g', from: '+1' }), { guid: 'g', number: '+1' }],
    [{ guid: { a: 1 } }, { guid: undefined, number: undefined }],
    ['no JSON', {}],
    [[1], {}],
    [null, {}],
  ] as const) {
    expect(inbound.namesIn(raw(value))).toEqual(names);
  }
});

describe('the quarantine for operators', () => {
  it('keeps an entry in which nothing is valid', async () => {
    const quarantine = createQuarantineAdmin({
      inboundOf: () => inbound,
      log: silentLog,
      inbox: {
        quarantined: async (after) =>
          after < 7
            ? [{ id: 7, at: 0, gateway: null, reason: 'r', count: 1, raw: raw({ type: 'call.missed', data: {} }) }]
            : [],
        requeue: () => Promise.reject(new Error('not to be asked')),
        status: () => ({ evicted: 0 }),
      },
    });
    expect(await quarantine.requeue(7, {})).toEqual({
      accepted: [],
      rejected: ['The entry has no message'],
      left: [7],
    });
    expect(await quarantine.requeue(6, {})).toBeUndefined();
    expect(await quarantine.show(8)).toBeUndefined();
  });

  it('lists how often each entry came, and how many were evicted', async () => {
    const quarantine = createQuarantineAdmin({
      inboundOf: () => inbound,
      log: silentLog,
      inbox: {
        quarantined: async () => [
          { id: 7, at: 0, gateway: null, reason: 'r', count: 3, raw: raw(aPost({ guid: 'g' })) },
        ],
        requeue: () => Promise.reject(new Error('not to be asked')),
        status: () => ({ evicted: 2 }),
      },
    });
    expect(await quarantine.list(0)).toMatchObject({
      entries: [{ id: 7, count: 3, guid: 'g', number: '+1********34' }],
      evicted: 2,
    });
  });

  it('gives the new id of the rest of an entry', async () => {
    const batch = { messages: [aPost({ guid: 'g' }), { guid: 'h' }] };
    const quarantine = createQuarantineAdmin({
      inboundOf: () => inbound,
      log: silentLog,
      inbox: {
        quarantined: async () => [{ id: 7, at: 0, gateway: null, reason: 'r', count: 1, raw: raw(batch) }],
        requeue: async () => [8],
        status: () => ({ evicted: 0 }),
      },
    });
    expect(await quarantine.requeue(7, {})).toMatchObject({
      accepted: ['g'],
      rejected: [expect.stringContaining('number') as unknown],
      left: [8],
    });
  });
});
