import { expect, it } from 'vitest';
import { failureTypes } from '../../src/domain/names.js';
import {
  type Outbound,
  type OutboundReply,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
} from '../../src/gateways/gateway.js';
import { anActivity } from '../helpers/activity.js';
import { failed, recorded, replyMaxAgeMs, replyRetryForMs, send, useGateway } from './reply-sending.js';

useGateway();

/** A gateway whose sends end like this, in turn. */
function through(...ends: Error[]): { outbound: Outbound; asked: OutboundReply[] } {
  const asked: OutboundReply[] = [];
  return {
    asked,
    outbound: {
      name: 'fake',
      async send(reply) {
        asked.push(reply);
        const end = ends.shift();
        if (end) throw end;
        return {};
      },
    },
  };
}

const maybe = (isRepeatable: boolean) => new ReplyMaybeSentError('a timeout', { isRepeatable });
const maybeSentBefore = (agoMs = 0) => anActivity({ attempt: 2, firstFailedMsAgo: agoMs, wasMaybeSent: true });

it('a send of unknown outcome is repeated with its mark, where the gateway knows it', async () => {
  const { outbound, asked } = through(maybe(true));
  await failed(send({ through: outbound }), failureTypes.replyRepeated, { final: false });
  expect(await send({ through: outbound, environment: maybeSentBefore() })).toEqual({ reply: 'sent' });
  expect(asked.map(({ mark }) => mark)).toEqual(['test-001.1', 'test-001.1']);
});

it('any other is not', async () => {
  await failed(send({ through: through(maybe(false)).outbound }), failureTypes.replyUncertain, { final: true });
});

it.each([
  ['a refusal', new ReplyRejectedError('no'), 0],
  ['no connection, at the end of the window', new ReplyNotSentError('no connection'), replyRetryForMs],
  ['another unknown outcome, at the end of the window', maybe(true), replyRetryForMs],
])('after a send that may have gone out, %s leaves the reply uncertain', async (_what, error, agoMs) => {
  const sending = send({ through: through(error).outbound, environment: maybeSentBefore(agoMs) });
  await failed(sending, failureTypes.replyUncertain, { final: true });
  expect(recorded.events).toHaveLength(1);
});

it.each([
  ['a refusal', { through: through(new ReplyRejectedError('no')).outbound }],
  ['its age', { ageMs: replyMaxAgeMs + 1 }],
])('after a try whose worker was lost, %s leaves the reply uncertain', async (_what, now) => {
  await failed(send({ ...now, wasMaybeSent: true }), failureTypes.replyUncertain, { final: true });
});
