import { expect, it } from 'vitest';
import { contactEvent, limitEvent, parkedEvent } from '../../src/domain/event.js';
import { aMessage } from '../helpers/messages.js';

const at = '2026-11-29T10:15:00.000Z';
const message = aMessage({ id: 'twilio.SM1', gateway: 'twilio', line: 'sim-1', from: '(555) 000-1234', text: 'STOP' });
const subject = { message, guid: 'twilio.SM1' };
const contact = { since: at, source: 'text' };
const parked = { at, parkedAs: 'failed', reason: 'the gateway answered 400' } as const;

it('an event of a contact has who, where and until when, with texts apart', () => {
  expect(contactEvent(subject, { ...contact, state: 'opted-out', words: 'STOP' })).toEqual({
    type: 'contact.opted-out',
    id: 'twilio~SM1-opted-out',
    at,
    sender: message.sender,
    data: {
      guid: 'twilio.SM1',
      gateway: 'twilio',
      line: 'sim-1',
      number: '(555) 000-1234',
      state: 'opted-out',
      source: 'text',
    },
    texts: { text: 'STOP', words: 'STOP' },
  });
  expect(contactEvent(subject, { ...contact, state: 'paused', until: at }).data).toMatchObject({ until: at });
});

it('an event of a parked reply has why, and of a limit how many, without a sender', () => {
  expect(parkedEvent({ ...subject, label: 'Agree' }, { ...parked, time: 2 })).toMatchObject({
    type: 'reply.parked',
    data: { label: 'Agree', parkedAs: 'failed', reason: 'the gateway answered 400' },
  });
  expect(limitEvent('near', { period: '2026-11-29', at, sent: 800, limit: 1_000 })).toEqual({
    type: 'replies.limit-near',
    id: 'replies-limit-near-2026-11-29',
    at,
    data: { sent: 800, limit: 1_000 },
  });
});

it('what may be told twice has its own id, without a dot, and the same at each try', () => {
  const all = () => [
    ...(['opted-out', 'handed-over', 'paused'] as const).map((state) => contactEvent(subject, { ...contact, state })),
    contactEvent({ ...subject, guid: 'twilio-SM1' }, { ...contact, state: 'paused' }),
    parkedEvent(subject, { ...parked, time: 1 }),
    parkedEvent(subject, { ...parked, time: 2 }),
    limitEvent('near', { period: '2026-11-29', at, sent: 800, limit: 1_000 }),
    limitEvent('reached', { period: '2026-11-29', at, sent: 1_000, limit: 1_000 }),
  ];
  const ids = all().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_~-]+$/);
  expect(all().map(({ id }) => id)).toEqual(ids);
});
