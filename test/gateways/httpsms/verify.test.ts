import { expect, it } from 'vitest';
import { createHttpSmsDialect } from '../../../src/demo/simulated-gateway/dialects/httpsms.js';
import type { RequestHead } from '../../../src/gateways/gateway.js';
import { createVerify } from '../../../src/gateways/httpsms/verify.js';
import { contact, settings } from './setup.js';

const verify = (authorization: string | string[] | undefined, head: Partial<RequestHead> = {}) =>
  createVerify(settings)({ headers: { authorization }, query: {}, target: '/api/webhook/httpsms', ...head });

const { headers } = createHttpSmsDialect({ settings, webhookUrl: settings.webhookUrl }).postOfText({
  number: contact,
  text: 'Yes',
  guid: '1',
  at: new Date(),
});
const good = headers['authorization'] ?? '';

it('a post with the token of httpSMS is verified before its body is read', () => {
  expect(verify(good)).toBe('verified');
  expect(verify(good.replace('Bearer', 'bearer'))).toBe('verified');
});

it.each([
  ['no token', undefined],
  ['an empty header', ''],
  ['the token alone', good.replace('Bearer ', '')],
  ['another scheme', good.replace('Bearer', 'Basic')],
  ['the header as a list', [good]],
  ['the header twice', [good, good]],
  ['two tokens in one header', `${good}, ${good}`],
  ['a space at the end', `${good} `],
  ['a token without an end', `Bearer ${'a'.repeat(5_000)}`],
])('a post with %s is refused', (_what, authorization) => {
  expect(verify(authorization)).toBe('refused');
});

it('a token in the query or the path proves nothing', () => {
  const token = good.replace('Bearer ', '');
  expect(verify(undefined, { query: { token, authorization: good }, pathToken: token })).toBe('refused');
});
