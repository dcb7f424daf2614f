import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/http/problem.js';
import { acceptedAt, aText, inboundOf, read, vector } from './posts.js';

const messageOf = (posted: unknown, inbound = inboundOf()) => {
  const { messages, rejected } = read(posted, inbound);
  expect(rejected).toEqual([]);
  expect(messages).toHaveLength(1);
  return messages[0] as (typeof messages)[number];
};
const idOf = (posted: unknown, inbound = inboundOf()) => messageOf(posted, inbound).id;

it('the post of the app brings its text', () => {
  expect(messageOf(vector.body)).toEqual({
    version: 1,
    id: expect.stringMatching(/^smsgate\.[\w-]{22}$/) as unknown,
    gateway: 'smsgate',
    line: 'dev000000000000000001/1',
    from: '+12065550101',
    sender: '+12065550101',
    to: '+12065550199',
    text: 'Yes, I agree 👍',
    acceptedAt: acceptedAt.toISOString(),
    receivedAt: '2026-11-24T13:40:00.000Z',
    timeReceived: '2026-11-24T14:40:00.000+01:00',
  });
});

describe('a text', () => {
  it('with none of the optional fields is read', () => {
    const { event, deviceId, payload } = aText();
    const { message, receivedAt, sender } = payload;
    const { line, to } = messageOf({ event, deviceId, payload: { message, receivedAt, sender } });
    expect({ line, to }).toEqual({ line: 'dev000000000000000001', to: undefined });
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['an older app, without sender', { sender: undefined }, { from: '+12065550101' }],
    ['null instead of optional fields', { sender: null, recipient: null, simNumber: null }, { to: undefined }],
    ['wrong types of optional fields', { recipient: 7, simNumber: '1' }, { line: 'dev000000000000000001' }],
    ['a SIM that the API does not know', { simNumber: 4 }, { line: 'dev000000000000000001' }],
    ['the second SIM', { simNumber: 2 }, { line: 'dev000000000000000001/2' }],
    ['unknown fields', { priority: 1, subject: { a: [] } }, { text: 'Yes, I agree 👍' }],
    ['no words', { message: '' }, { text: '' }],
    ['a name as the sender', { sender: 'Vodafone DE' }, { from: 'Vodafone DE', sender: 'Vodafone DE' }],
    ['a national number', { sender: '(206) 555-0101' }, { from: '(206) 555-0101', sender: '2065550101' }],
    ['70 kB', { message: '👍'.repeat(17_500) }, { text: '👍'.repeat(17_500) }],
  ])('with %s', (_what, payload, expected) => {
    expect(messageOf(aText(payload))).toMatchObject(expected);
  });

  it.each<[string, string | undefined]>([
    ['2026-11-24T13:39:58Z', '2026-11-24T13:39:58.000Z'],
    ['2026-11-24T19:09:58.123+05:30', '2026-11-24T13:39:58.123Z'],
    ['2026-11-24T14:45:00.000+01:00', acceptedAt.toISOString()],
    ['2026-11-24T09:39:58.000+-4:00', undefined],
    ['2026-11-24T13:39:58', undefined],
    ['2026-13-24T13:39:58Z', undefined],
    ['yesterday', undefined],
  ])('of %s was received at %s, never after it was accepted', (receivedAt, expected) => {
    expect(messageOf(aText({ receivedAt }))).toMatchObject({ receivedAt: expected, timeReceived: receivedAt });
  });

  it.each<[Record<string, unknown>, Record<string, unknown>, RegExp]>([
    [{ message: undefined }, {}, /^payload\.message: /],
    [{ message: 'a'.repeat(40_001) }, {}, /^payload\.message: /],
    [{ receivedAt: 7 }, {}, /^payload\.receivedAt: /],
    [{ sender: '', phoneNumber: undefined }, {}, /^payload\.sender: /],
    [{ sender: '1'.repeat(65), phoneNumber: null }, {}, /^payload\.sender: /],
    [{}, { deviceId: undefined }, /^deviceId: /],
    [{}, { deviceId: 'a/1' }, /^deviceId: /],
    [{}, { payload: null }, /^payload: /],
  ])('that is wrong in %j %j is rejected, and the reason has no value', (payload, event, reason) => {
    const posted = { ...aText(payload), ...event };
    const { messages, rejected, receipts } = read(posted);
    expect({ messages, receipts }).toEqual({ messages: [], receipts: undefined });
    expect(rejected).toEqual([
      { index: 0, reason: expect.stringMatching(reason) as unknown, raw: JSON.stringify(posted) },
    ]);
    expect(rejected[0]?.reason).not.toMatch(/111|aaa|a\/1/);
  });
});

describe('the id', () => {
  it('is the same when the app tells a text again, in another time zone too', () => {
    const id = idOf(aText());
    expect(idOf(aText({ messageId: 'other', simNumber: 2, recipient: null }, { id: 'evt2', webhookId: 'hook2' }))).toBe(
      id,
    );
    expect(idOf(aText({ receivedAt: '2026-11-24T13:40:00Z' }))).toBe(id);
    expect(idOf(aText({ sender: undefined }))).toBe(id);
  });

  it('is another one for another phone, sender, time, text or installation', () => {
    const ids = [
      idOf(aText()),
      idOf(aText({}, { deviceId: 'dev000000000000000002' })),
      idOf(aText({ sender: '+12065550102' })),
      idOf(aText({ receivedAt: '2026-11-24T14:40:00.001+01:00' })),
      idOf(aText({ receivedAt: 'yesterday' })),
      idOf(aText({ receivedAt: 'today' })),
      idOf(aText({ message: 'Yes, I agree' })),
      idOf(aText(), inboundOf('another-secret')),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves room for a mark of 36 characters', () => {
    expect(`${idOf(aText())}-20.99`.length).toBeLessThanOrEqual(36);
  });
});

describe('a body', () => {
  it.each(['null', '7', '"sms:received"', '[]', '{}', '{"event":7}', `[${vector.body}]`])('%s is no event', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 422 }) as Error);
  });

  it.each(['', '{', vector.body.slice(0, -1), '[['.repeat(1_000)])('that is not JSON is a 400', (body) => {
    expect(() => read(body)).toThrow(ProblemError);
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400 }) as Error);
  });
});

describe('a quarantined post', () => {
  const inbound = inboundOf();

  it('is named by its sender', () => {
    expect(inbound.namesIn(Buffer.from(vector.body))).toEqual({ guid: 'a0e3b5c1', number: '+12065550101' });
    for (const raw of ['', '[]', '{"payload":7}']) expect(inbound.namesIn(Buffer.from(raw))).toEqual({});
  });

  it('is corrected in number and text, but not in its id', () => {
    const corrected =
      inbound.correct?.(Buffer.from(vector.body), { number: '+12065550102', message: 'No' }).toString() ?? '';
    expect(messageOf(corrected)).toMatchObject({ from: '+12065550102', text: 'No', line: 'dev000000000000000001/1' });
    expect(() => inbound.correct?.(Buffer.from(vector.body), { guid: 'x' })).toThrow(ProblemError);
  });
});

it('a post is acknowledged with its counts, and without what was sent', () => {
  const inbound = inboundOf();
  expect(inbound.acknowledge(read(vector.body))).toEqual({ messages: 1, receipts: 0 });
  const rejected = inbound.acknowledge(read(aText({ receivedAt: 7 })));
  expect(rejected).toMatchObject({ messages: 0, rejected: [{ index: 0 }] });
  expect(JSON.stringify(rejected)).not.toContain('+1206');
  expect(inbound.probe(new Date())).toEqual({ status: 'ok' });
});
