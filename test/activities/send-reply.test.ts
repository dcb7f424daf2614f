import { describe, expect, it } from 'vitest';
import type { Outbound, OutboundReply } from '../../src/gateways/gateway.js';
import { anActivity } from '../helpers/activity.js';
import { gateway, number, recorded, replyMaxAgeMs, send, text, useGateway } from './reply-sending.js';

useGateway();

describe('a reply that goes out', () => {
  it('is sent once, to the number that wrote, with its id only in JSON', async () => {
    const result = await send();
    expect(gateway.sent.texts).toMatchObject([{ to: number, text }]);
    expect(gateway.sent.count).toBe(1);
    expect(result).toStrictEqual({ reply: 'sent', gatewayMessageId: gateway.sent.texts[0]?.id });
    expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
  });

  it('needs no id from the gateway', async () => {
    gateway.script([{ body: { result: { error: 0, sent: '1' } } }]);
    expect(await send()).toStrictEqual({ reply: 'sent' });
  });

  it('has its line in the log', async () => {
    await send({ environment: anActivity({ attempt: 3 }) });
    const gatewayMessageId = gateway.sent.texts[0]?.id;
    expect(recorded.events).toMatchObject([
      { event: 'reply.sent', guid: 'test-001', attempt: 3, gatewayMessageId, msg: 'Auto-reply sent successfully' },
    ]);
  });

  it('has the same key at each attempt', async () => {
    const replies: OutboundReply[] = [];
    const through: Outbound = {
      name: 'fake',
      async send(reply) {
        replies.push(reply);
        return {};
      },
    };
    await send({ through });
    await send({ through, environment: anActivity({ attempt: 2 }) });
    const reply = { to: number, text, mark: 'test-001.1', isUrgent: false };
    expect(replies).toMatchObject([reply, reply]);
  });
});

describe('the age of a message', () => {
  it.each([1, 5])('past the limit means no reply at attempt %i, and no request', async (attempt) => {
    const environment = anActivity({ attempt });
    expect(await send({ environment, ageMs: replyMaxAgeMs + 1 })).toStrictEqual({
      reply: 'skipped',
      reason: 'too-late',
    });
    expect(gateway.sent.count).toBe(0);
  });

  const receivedAgo = (ms: number) => ({ receivedAt: new Date(Date.now() - ms).toISOString() });

  it('counts from when the phone received it: an old text that is delivered again gets no reply', async () => {
    expect(await send({ message: receivedAgo(replyMaxAgeMs + 1_000) })).toMatchObject({ reason: 'too-late' });
    expect(gateway.sent.count).toBe(0);
  });

  it('counts from its acceptance where the clock of the phone is ahead', async () => {
    const message = receivedAgo(-100 * replyMaxAgeMs);
    expect(await send({ message, ageMs: replyMaxAgeMs + 1 })).toMatchObject({ reason: 'too-late' });
  });

  it('just inside the limit means a reply', async () => {
    expect(await send({ ageMs: replyMaxAgeMs - 5_000 })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });
});

it('a reply that an operator released is sent, however old its message is', async () => {
  expect(await send({ released: true, ageMs: 100 * replyMaxAgeMs })).toMatchObject({ reply: 'sent' });
  expect(gateway.sent.count).toBe(1);
});
