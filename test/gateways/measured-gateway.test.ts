import { expect, it } from 'vitest';
import { type Gateway, ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../src/gateways/gateway.js';
import { measuredGateway, type SendOutcome } from '../../src/gateways/measured-gateway.js';

const reply = { to: '+15550001234', text: 'Thanks', idempotencyKey: 'k' };
const signal = new AbortController().signal;

it.each<[SendOutcome, Error | undefined]>([
  ['sent', undefined],
  ['rejected', new ReplyRejectedError('no')],
  ['not-sent', new ReplyNotSentError('later')],
  ['maybe-sent', new ReplyMaybeSentError('who knows')],
  ['unexpected', new TypeError('a bug')],
])('a send that ends as %s is told once, and ends as it did', async (outcome, error) => {
  const told: Array<[SendOutcome, number]> = [];
  const gateway: Gateway = { name: 'provider', send: async () => (error ? Promise.reject(error) : { gatewayMessageId: 'id' }) };
  const measured = measuredGateway(gateway, (...one) => told.push(one));
  const ended = await measured.send(reply, signal).catch((thrown: unknown) => thrown);
  expect(ended).toEqual(error ?? { gatewayMessageId: 'id' });
  expect(told).toEqual([[outcome, expect.any(Number)]]);
  expect(measured.name).toBe('provider');
});

it('can be asked about a send exactly where the provider can', async () => {
  const gateway: Gateway = { name: 'provider', send: async () => ({}) };
  expect(measuredGateway(gateway, () => {})).not.toHaveProperty('lookUp');
  const asking = measuredGateway({ ...gateway, lookUp: async () => 'not sent' }, () => {});
  expect(await asking.lookUp?.(reply, signal)).toBe('not sent');
});
