import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/http/problem.js';
import { createInbound } from '../../../src/gateways/telnyx/inbound.js';
import { simulatedSettings } from '../../../src/gateways/telnyx/settings.js';
import { senderOf } from '../../helpers/messages.js';
import { acceptedAt, aReceipt, aText, read, vectorBody } from './posts.js';

const inbound = createInbound(simulatedSettings('http://127.0.0.1:9'), { senderOf, secret: 'a-secret' });
const messageOf = (payload: Record<string, unknown>) => read(aText(payload)).messages[0];
const reasonOf = (payload: Record<string, unknown>) => read(aText(payload)).rejected[0]?.reason;

describe('a received text', () => {
  it('is read with its sender, its line and its time', () => {
    const post = read(vectorBody);
    expect(post).toEqual({
      messages: [
        {
          version: 1,
          id: expect.stringMatching(/^telnyx\.[\w-]{23}$/),
          gateway: 'telnyx',
          from: '+12065550101',
          sender: '+12065550101',
          to: '+12065550199',
          text: 'Yes, I agree',
          acceptedAt: '2026-11-24T13:40:02.000Z',
          receivedAt: '2026-11-24T13:40:00.000Z',
        },
      ],
      rejected: [],
    });
    expect(inbound.acknowledge(post)).toEqual({ messages: 1, receipts: 0 });
  });

  it('keeps its id when Telnyx posts it again as another event', () => {
    const again = vectorBody.replace('11111111-1111', '99999999-1111').replace('"attempt":1', '"attempt":2');
    expect(read(again).messages[0]?.id).toBe(read(vectorBody).messages[0]?.id);
    expect(messageOf({ id: 'text-0002' })?.id).toBe('telnyx.text-0002');
  });

  it('needs only an id and a sender', () => {
    const { messages, rejected } = read({
      data: { event_type: 'message.received', payload: { id: 'a', from: { phone_number: '+12065550101' } } },
    });
    expect(rejected).toEqual([]);
    expect(messages[0]).toEqual({
      version: 1,
      id: 'telnyx.a',
      gateway: 'telnyx',
      from: '+12065550101',
      sender: '+12065550101',
      text: '',
      acceptedAt: acceptedAt.toISOString(),
    });
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['an empty text', { text: '' }, { text: '' }],
    ['a picture without words', { text: null, media: [{ url: 'https://media.example.org/1' }] }, { text: '' }],
    ['a name as the sender', { from: { phone_number: 'MPESA' } }, { from: 'MPESA', sender: 'MPESA' }],
    ['a short code as the sender', { from: { phone_number: '72345' } }, { from: '72345', sender: '72345' }],
    ['40,000 characters', { text: '😀'.repeat(20_000) }, { text: '😀'.repeat(20_000) }],
    ['unknown fields', { tags: ['a'], tcr_campaign_id: null, constructor: 'x' }, { text: 'Yes, I agree' }],
    ['junk in optional fields', { to: 7, cc: 'x', received_at: 'soon', autoresponse_type: 1 }, { to: undefined }],
    ['junk for its line', { to: [7] }, { to: undefined }],
    ['no line', { to: [] }, { to: undefined }],
    ['a time with an offset', { received_at: '2026-11-24T14:39:00+01:00' }, { receivedAt: '2026-11-24T13:39:00.000Z' }],
    ['a time ahead', { received_at: '2026-11-25T00:00:00Z' }, { receivedAt: acceptedAt.toISOString() }],
    ['a time that does not exist', { received_at: '2026-02-31T00:00:00Z' }, { receivedAt: undefined }],
    ['a null autoresponse', { autoresponse_type: null }, { answeredByProvider: undefined }],
    ['an autoresponse', { autoresponse_type: 'STOP', text: 'Stop' }, { answeredByProvider: 'STOP', text: 'Stop' }],
    ['another autoresponse', { autoresponse_type: 'HELP' }, { answeredByProvider: 'HELP' }],
  ])('may have %s', (_what, payload, expected) => {
    expect(messageOf(payload)).toMatchObject(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ['several numbers', { to: [{ phone_number: '+12065550199' }, { phone_number: '+12065550102' }] }],
    ['several numbers, one unreadable', { to: [{ phone_number: '+12065550199' }, 7] }],
    ['a copy', { cc: [{ phone_number: '+12065550102' }] }],
  ])('to %s is one to several people', (_what, payload) => {
    expect(messageOf(payload)).toMatchObject({ isToSeveral: true, to: '+12065550199' });
  });

  it('to one number is not', () => {
    expect(messageOf({ cc: [] })?.isToSeveral).toBeUndefined();
  });

  it('of 70 kB is read: most of it are other fields', () => {
    expect(messageOf({ media: Array(700).fill({ url: 'x'.repeat(90) }) })?.text).toBe('Yes, I agree');
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['id', { id: undefined }, /^data\.payload\.id: /],
    ['id that is a number', { id: 12065550101 }, /^data\.payload\.id: /],
    ['empty id', { id: '' }, /^data\.payload\.id: /],
    ['sender', { from: undefined }, /^data\.payload\.from: /],
    ['sender that is a string', { from: '+12065550101' }, /^data\.payload\.from: /],
    ['sender without a number', { from: {} }, /^data\.payload\.from\.phone_number: /],
    ['sender of 65 characters', { from: { phone_number: '1'.repeat(65) } }, /^data\.payload\.from\.phone_number: /],
    ['text that is an object', { text: { body: 'private' } }, /^data\.payload\.text: /],
    ['text of 40,001 characters', { text: 'x'.repeat(40_001) }, /^data\.payload\.text: /],
  ])('is rejected for its %s, whose value is not named', (_what, payload, reason) => {
    expect(reasonOf(payload)).toMatch(reason);
    expect(reasonOf(payload)).not.toMatch(/private|2065550101/);
    expect(read(aText(payload))).toMatchObject({ messages: [], rejected: [{ raw: JSON.stringify(aText(payload)) }] });
  });
});

it.each(['message.unknown', 'call.initiated', '', 'message.received '])('an event %j is accepted', (event_type) => {
  expect(read({ data: { event_type, payload: aText().data.payload } })).toEqual({
    messages: [],
    rejected: [],
    receipts: [],
  });
});

it('an event without a payload is accepted', () => {
  expect(read({ data: { event_type: 'message.sent' } }, { m: 'a.1' }).receipts).toEqual([]);
});

it.each([null, 7, 'text', [], {}, { data: null }, { data: {} }, { data: { event_type: 1 } }])(
  '%j is not an event',
  (posted) => {
    expect(() => read(JSON.stringify(posted))).toThrow(expect.objectContaining({ status: 422 }));
  },
);

it('what is not JSON is a 400', () => {
  for (const body of ['', '{', 'event_type=message.received']) {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400 }));
  }
});

it('any post is read, rejected, or a problem', () => {
  const field = fc.jsonValue();
  const almost = fc.record(
    { id: field, from: field, to: field, cc: field, text: field, received_at: field, errors: field },
    { requiredKeys: [] },
  );
  const event = fc.record({ event_type: fc.constantFrom('message.received', 'message.sent', ''), payload: almost });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        event.map((data) => ({ data })),
      ),
      (posted) => {
        try {
          const { messages, rejected } = read(JSON.stringify(posted), { m: 'a.1' });
          expect(messages.length + rejected.length).toBeLessThanOrEqual(1);
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      },
    ),
  );
});

describe('a quarantined post', () => {
  const bad = Buffer.from(JSON.stringify(aText({ from: { carrier: 'kept' } })));

  it('shows its id and its number, as far as it has them', () => {
    expect(inbound.namesIn(Buffer.from(vectorBody))).toEqual({
      guid: '22222222-2222-4222-8222-222222222222',
      number: '+12065550101',
    });
    expect(inbound.namesIn(bad)).toEqual({ guid: 'text-0001', number: undefined });
    expect(inbound.namesIn(Buffer.from('{'))).toEqual({});
    expect(inbound.namesIn(Buffer.from(JSON.stringify(aReceipt('sent'))))).toMatchObject({ number: undefined });
  });

  it('is read after its fields were corrected', () => {
    const corrected = inbound.correct?.(bad, { number: '+12065550101', message: 'No', guid: 'b' }) as Buffer;
    expect(inbound.read(corrected, acceptedAt, {}).messages[0]).toMatchObject({
      id: 'telnyx.b',
      from: '+12065550101',
      to: '+12065550199',
      text: 'No',
    });
    expect(JSON.parse(corrected.toString()).data.payload.from.carrier).toBe('kept');
  });
});
