import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/http/problem.js';
import { prefixedMessageId } from '../../../src/gateways/message-id.js';
import { readPost } from '../../../src/gateways/httpsms/read-post.js';
import { createInbound } from '../../../src/gateways/httpsms/inbound.js';
import { senderOf } from '../../helpers/messages.js';
import { anEvent, contact, owner, settings } from './setup.js';

const acceptedAt = new Date('2026-11-24T13:40:02.000Z');
const inbound = createInbound(settings, { senderOf, secret: 'secret' });
const read = (posted: unknown) => readPost(Buffer.from(JSON.stringify(posted)), { acceptedAt, senderOf });

it('a text is read', () => {
  expect(read(anEvent())).toEqual({
    messages: [
      {
        version: 1,
        id: prefixedMessageId('httpsms', '55555555-5555-4555-8555-555555555555'),
        gateway: 'httpsms',
        from: contact,
        sender: contact,
        to: owner,
        text: 'Yes, I agree',
        acceptedAt: '2026-11-24T13:40:02.000Z',
        receivedAt: '2026-11-24T13:40:00.000Z',
      },
    ],
    rejected: [],
  });
});

it.each<[what: string, data: Record<string, unknown>, message: Record<string, unknown>]>([
  ['no text', { content: '' }, { text: '' }],
  ['70 kB of other fields', { attachments: ['x'.repeat(70_000)] }, { text: 'Yes, I agree' }],
  ['40,000 characters', { content: 'é'.repeat(40_000) }, { text: 'é'.repeat(40_000) }],
  ['a name as sender', { contact: 'MPESA' }, { from: 'MPESA', sender: 'MPESA' }],
  ['a short code as sender', { contact: '55 55' }, { from: '55 55', sender: '5555' }],
  ['unknown fields', { group: 'x', constructor: 'x' }, { text: 'Yes, I agree' }],
  ['no number that was texted', { owner: undefined }, { to: undefined }],
  ['a list of numbers that were texted', { owner: [owner, contact] }, { to: undefined }],
  ['no time', { timestamp: undefined }, { receivedAt: undefined }],
  ['a time in words', { timestamp: 'yesterday' }, { receivedAt: undefined }],
  ['a time with an offset', { timestamp: '2026-11-24T14:39:00.5+01:00' }, { receivedAt: '2026-11-24T13:39:00.500Z' }],
  [
    'a time of a clock that is ahead',
    { timestamp: '2026-11-24T19:00:00Z' },
    { receivedAt: '2026-11-24T13:40:02.000Z' },
  ],
  ['no word about encryption', { encrypted: undefined }, { text: 'Yes, I agree' }],
])('a text with %s is accepted', (_what, data, message) => {
  const { messages, rejected } = read(anEvent(data));
  expect(rejected).toEqual([]);
  expect(messages[0]).toMatchObject(message);
});

it('only type, id, sender and text are needed', () => {
  const bare = { type: 'message.phone.received', data: { message_id: '1', contact, content: 'Yes' } };
  expect(read(bare)).toMatchObject({ messages: [{ id: 'httpsms.1', from: contact, text: 'Yes' }], rejected: [] });
});

it.each<[what: string, event: object, reason: RegExp]>([
  ['no id', anEvent({ message_id: undefined }), /^data\.message_id: /],
  ['an empty id', anEvent({ message_id: '' }), /^data\.message_id: /],
  ['no sender', anEvent({ contact: undefined }), /^data\.contact: /],
  ['a sender of 65 characters', anEvent({ contact: '1'.repeat(65) }), /^data\.contact: .*64/],
  ['no text', anEvent({ content: null }), /^data\.content: /],
  ['a text of 40,001 characters', anEvent({ content: 'x'.repeat(40_001) }), /^data\.content: .*40000/],
  ['no data', anEvent({}, { data: null }), /^data: /],
  [
    'an encrypted text',
    anEvent({ encrypted: true, content: 'c2VjcmV0' }),
    /^data\.encrypted: .* is encrypted: switch off/,
  ],
  ['several faults', anEvent({ contact: ['private'], content: { private: 1 } }), /^data\.contact: .*; data\.content: /],
])('an event with %s is rejected and kept', (_what, event, reason) => {
  const { messages, rejected } = read(event);
  expect(messages).toEqual([]);
  expect(rejected).toEqual([{ index: 0, reason: expect.stringMatching(reason), raw: JSON.stringify(event) }]);
  expect(rejected[0]?.reason).not.toContain('private');
});

it.each(['message.call.missed', 'webhook.send.failed', ''])(
  'an event of the type %j is accepted and changes nothing',
  (type) => {
    expect(read(anEvent({}, { type }))).toEqual({ messages: [], rejected: [], receipts: [] });
    expect(read({ type })).toEqual({ messages: [], rejected: [], receipts: [] });
  },
);

describe('a post', () => {
  const problem = (body: string | Buffer) => {
    try {
      return readPost(Buffer.from(body), { acceptedAt, senderOf });
    } catch (error) {
      expect(error).toBeInstanceOf(ProblemError);
      return (error as ProblemError).status;
    }
  };

  it('that is no event is a problem', () => {
    expect(['null', '7', '"text"', '[]', '{}', '{"type":7}'].map(problem)).toEqual(Array(6).fill(422));
    expect(['', '{', Buffer.from([0xff])].map(problem)).toEqual(Array(3).fill(400));
  });
});

it('a quarantined post has its id and number in the list, as far as it has them', () => {
  const names = (raw: unknown) => inbound.namesIn(Buffer.from(JSON.stringify(raw)));
  expect(names(anEvent())).toEqual({ guid: '55555555-5555-4555-8555-555555555555', number: contact });
  expect(names(anEvent({ message_id: 7 }))).toEqual({ guid: undefined, number: contact });
  expect(names({})).toEqual({});
  expect(inbound.namesIn(Buffer.from('{'))).toEqual({});
});

it('a post is acknowledged with what became of it', () => {
  expect(inbound.acknowledge(read(anEvent()))).toEqual({ messages: 1, receipts: 0 });
  expect(inbound.acknowledge(read(anEvent({ content: null })))).toEqual({
    messages: 0,
    receipts: 0,
    rejected: [{ index: 0, reason: expect.stringContaining('data.content') }],
  });
  expect(inbound.probe(acceptedAt)).toEqual({ status: 'ok' });
});
