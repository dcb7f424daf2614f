import { describe, expect, it } from 'vitest';
import { type Outbound, type OutboundReply, ReplyNotSentError } from '../../src/gateways/gateway.js';
import { createOutbound } from '../../src/gateways/sms-mobile-api/outbound.js';
import { failureTypes } from '../../src/domain/names.js';
import { apiKey, failed, gateway, number, recorded, send, type Step, text, useGateway } from './reply-sending.js';

useGateway();

describe('a gateway that can look up a send', () => {
  type LookUp = NonNullable<Outbound['lookUp']>;

  /** The real adapter, with a look-up that the provider does not have. */
  function asking(lookUp: LookUp) {
    const asked: OutboundReply[] = [];
    const real = createOutbound({ apiKey, url: gateway.url, timeoutMs: 5_000 });
    const through: Outbound = {
      ...real,
      lookUp(reply, signal) {
        asked.push(reply);
        return lookUp(reply, signal);
      },
    };
    return { through, asked };
  }
  const theReply = expect.objectContaining({ to: number, text, mark: 'test-001.1' });

  it('found: it is sent, and not again', async () => {
    gateway.script([{ reset: 'after' }]);
    const { through, asked } = asking(async () => ({ gatewayMessageId: gateway.sent.texts[0]?.id ?? '' }));
    expect(await send({ through })).toStrictEqual({ reply: 'sent', gatewayMessageId: gateway.sent.texts[0]?.id });
    expect(gateway.sent.count).toBe(1);
    expect(asked).toEqual([theReply]);
    expect(recorded.events).toMatchObject([{ event: 'reply.sent' }]);
  });

  it('not sent: Temporal retries', async () => {
    gateway.script([{ reset: 'before' }]);
    const { through } = asking(async () => 'not sent');
    await failed(send({ through }), failureTypes.replyNotSent, { final: false });
    expect(gateway.sent.count).toBe(0);
  });

  it.each<[string, LookUp]>([
    ['unknown', async () => 'unknown'],
    ['the look-up fails', () => Promise.reject(new Error(`no route for ${number}: ${text}`))],
    ['the look-up says it was not sent by an error', () => Promise.reject(new ReplyNotSentError('no connection'))],
  ])('%s: it stays uncertain', async (_, lookUp) => {
    gateway.script([{ reset: 'after' }]);
    const { through, asked } = asking(lookUp);
    await failed(send({ through }), failureTypes.replyUncertain, { final: true });
    expect(gateway.sent.count).toBe(1);
    expect(asked).toEqual([theReply]);
  });

  it.each<[string, Step, string, boolean]>([
    ['refused', { status: 400 }, 'ReplyFailed', true],
    ['certainly not sent', { status: 429 }, 'ReplyNotSent', false],
  ])('is not asked about what is %s', async (_, step, type, final) => {
    gateway.script([step]);
    const { through, asked } = asking(async () => ({}));
    await failed(send({ through }), type, { final });
    expect(asked).toEqual([]);
  });
});
