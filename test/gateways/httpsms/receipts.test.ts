import { expect, it } from 'vitest';
import { readPost } from '../../../src/gateways/httpsms/read-post.js';
import { senderOf } from '../../helpers/messages.js';
import { anEvent, reply } from './setup.js';

const receiptsIn = (type: string, data: Record<string, unknown> = {}) => {
  const event = anEvent({ request_id: reply.mark, content: reply.text, ...data }, { type });
  const post = readPost(Buffer.from(JSON.stringify(event)), { acceptedAt: new Date(), senderOf });
  expect(post).toMatchObject({ messages: [], rejected: [] });
  return post.receipts;
};

it.each<[type: string, data: Record<string, unknown>, state: string, code?: string]>([
  ['message.phone.sent', {}, 'sent'],
  ['message.phone.delivered', { unknown: { field: 1 } }, 'delivered'],
  ['message.send.failed', { error_message: 'NO_SERVICE' }, 'failed', 'NO_SERVICE'],
  ['message.send.failed', { error_message: 'UNKNOWN:30' }, 'failed', 'UNKNOWN:30'],
  ['message.send.failed', { error_message: 'could not send to +12065550101' }, 'failed'],
  ['message.send.failed', { error_message: 'A'.repeat(101) }, 'failed'],
  ['message.send.failed', { error_message: 7 }, 'failed'],
  ['message.send.failed', {}, 'failed'],
  ['message.send.expired', { is_final: true, send_attempt_count: 2 }, 'failed', 'EXPIRED'],
])('%s with %j is a receipt: %s %s', (type, data, state, code) => {
  expect(receiptsIn(type, data)).toEqual([
    {
      ...{ mark: reply.mark, gateway: 'httpsms', state, code },
      ...(code === 'EXPIRED' && { isUncertain: true }),
      ...(state !== 'failed' && { mayFollowUncertain: true }),
    },
  ]);
});

it('the ids of the message may have either name', () => {
  for (const ids of [
    { id: 'x', message_id: undefined },
    { id: undefined, message_id: 'x' },
  ]) {
    expect(receiptsIn('message.phone.sent', ids)).toHaveLength(1);
  }
});

it.each([
  ['message.send.expired', { is_final: false }],
  ['message.send.expired', {}],
  ['message.call.missed', {}],
  ['message.phone.sending', {}],
])('%s with %j is none', (type, data) => {
  expect(receiptsIn(type, data)).toEqual([]);
});

it.each([
  ['no mark', undefined],
  ['null', null],
  ['the id of another program', '153554b5-ae44-44a0-8f4f-7bbac5657ad4'],
  ['a mark of another gateway', 'twilio.SM1.1'],
  ['a message id', 'httpsms.VQ2Tc9UzuM1lPZOyYE3xd7'],
  ['a mark of the send 0', 'httpsms.1.0'],
  ['a mark that goes on', `${reply.mark} `],
  ['an endless mark', `httpsms.${'1'.repeat(250)}.1`],
])('with %s it is none: a person has written by hand, or another program', (_what, request_id) => {
  expect(receiptsIn('message.phone.sent', { request_id })).toEqual([]);
});

it.each(['httpsms.1.1', 'httpsms.1-2.20', 'httpsms.VQ2Tc9UzuM1lPZOyYE3_-7.r1'])('%s is a mark', (request_id) => {
  expect(receiptsIn('message.phone.sent', { request_id })).toMatchObject([{ mark: request_id }]);
});
