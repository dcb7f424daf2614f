import { expect, it } from 'vitest';
import { readPost } from '../../../src/gateways/httpsms/read-post.js';
import { senderOf } from '../../helpers/messages.js';
import { anEvent, contact, reply } from './setup.js';

const acceptedAt = new Date('2026-11-24T13:40:09.000Z');
const read = (data: Record<string, unknown>, type = 'message.phone.sent') =>
  readPost(Buffer.from(JSON.stringify(anEvent({ id: 'x', content: 'I will call you', ...data }, { type }))), {
    acceptedAt,
    senderOf,
  });

it.each([{}, { request_id: null }, { request_id: '' }])('a sent text with %j was written by hand', (data) => {
  expect(read(data)).toEqual({
    messages: [],
    rejected: [],
    receipts: [],
    handSent: [
      {
        handSent: true,
        id: expect.stringMatching(/^httpsms\./) as unknown,
        gateway: 'httpsms',
        from: contact,
        sender: contact,
        acceptedAt: acceptedAt.toISOString(),
      },
    ],
  });
});

it.each<[string, Record<string, unknown>, string?]>([
  ['our mark', { request_id: reply.mark }],
  ['the id of another program', { request_id: '153554b5-ae44-44a0-8f4f-7bbac5657ad4' }],
  ['no id', { id: undefined }],
  ['no contact', { contact: undefined }],
  ['another type', {}, 'message.phone.delivered'],
  ['a missed call', {}, 'message.call.missed'],
])('one with %s was not', (_what, data, type) => {
  expect(read(data, type).handSent).toBeUndefined();
});
