import { expect, it } from 'vitest';
import { readPost } from '../../../src/gateways/httpsms/read-post.js';
import { senderOf } from '../../helpers/messages.js';
import { anEvent } from './setup.js';

const phonesIn = (type: string, data: Record<string, unknown> = {}) =>
  readPost(Buffer.from(JSON.stringify(anEvent(data, { type }))), { acceptedAt: new Date(), senderOf }).phones;

it.each([
  ['phone.heartbeat.offline', 'dead'],
  ['phone.heartbeat.online', 'alive'],
])('%s says that the phone is %s, by the last digits of its number', (type, sign) => {
  expect(phonesIn(type)).toEqual([{ line: '0199', sign }]);
});

it.each<[string, Record<string, unknown>]>([
  ['message.phone.sent', {}],
  ['phone.heartbeat.offline', { owner: undefined }],
  ['phone.heartbeat.offline', { owner: 7 }],
])('%s with %j says nothing', (type, data) => {
  expect(phonesIn(type, data)).toBeUndefined();
});
