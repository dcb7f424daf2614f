import { aReply } from '../helpers/gateways.js';
import { expect, it } from 'vitest';
import {
  type Outbound,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
} from '../../src/gateways/gateway.js';
import { observedGateway, type SendOutcome } from '../../src/gateways/observed-gateway.js';

const reply = aReply();
const signal = new AbortController().signal;

it.each<[SendOutcome, Error | undefined]>([
  ['sent', undefined],
  ['rejected', new ReplyRejectedError('no')],
  ['not-sent', new ReplyNotSentError('later')],
  ['maybe-sent', new ReplyMaybeSentError('who knows')],
  ['unexpected', new TypeError('a bug')],
])('a send that ends as %s is reported once, and its result is unchanged', async (outcome, error) => {
  const reported: Array<[SendOutcome, number]> = [];
  const gateway: Outbound = {
    name: 'provider',
    send: async () => (error ? Promise.reject(error) : { gatewayMessageId: 'id' }),
  };
  const observed = observedGateway(gateway, { onSend: (...one) => void reported.push(one) });
  const ended = await observed.send(reply, signal).catch((thrown: unknown) => thrown);
  expect(ended).toEqual(error ?? { gatewayMessageId: 'id' });
  expect(reported).toEqual([[outcome, expect.any(Number)]]);
  expect(observed.name).toBe('provider');
});

it('can look up a send only where the provider can', async () => {
  const gateway: Outbound = { name: 'provider', send: async () => ({}) };
  expect(observedGateway(gateway, { onSend() {} })).not.toHaveProperty('lookUp');
  const asking = observedGateway({ ...gateway, lookUp: async () => 'not sent' }, { onSend() {} });
  expect(await asking.lookUp?.(reply, signal)).toBe('not sent');
});
