import { expect, it } from 'vitest';
import { failureTypes } from '../../src/domain/names.js';
import { anActivity, rejection } from '../helpers/activity.js';
import { gateway, recorded, replyMaxAgeMs, send, useGateway } from './reply-sending.js';

useGateway();

const restoredAtMs = Date.now();
const reason = 'the message is from before RESTORED_AT: its reply may have been sent already';
const before = new Date(restoredAtMs - 60_000).toISOString();
const after = new Date(restoredAtMs + 1).toISOString();

it.each([
  ['was accepted before it', { acceptedAt: before }],
  ['the gateway posts again, and that the phone received before it', { acceptedAt: after, receivedAt: before }],
])('after a restore, the reply to a message that %s is held back', async (_, message) => {
  const failure = await rejection(send({ restoredAtMs, message, environment: anActivity({ attempt: 2 }) }));
  expect(failure).toMatchObject({
    type: failureTypes.replyHeld,
    nonRetryable: true,
    message: reason,
    details: [{ attempt: 2 }],
  });
  expect(recorded.events).toMatchObject([{ event: 'reply.held', guid: 'test-001', type: 'restored' }]);
  expect(gateway.sent.count).toBe(0);
});

it('so is the confirmation of a STOP', async () => {
  const sending = send({ restoredAtMs, message: { acceptedAt: before }, despite: 'anything' });
  expect(await rejection(sending)).toMatchObject({ type: failureTypes.replyHeld });
  expect(gateway.sent.count).toBe(0);
});

it('the reply to a message from after the restore is sent', async () => {
  expect(await send({ restoredAtMs, message: { acceptedAt: after } })).toMatchObject({ reply: 'sent' });
});

it('a reply that an operator released after the restore is sent', async () => {
  expect(await send({ restoredAtMs, released: true, asked: true, message: { acceptedAt: before } })).toMatchObject({
    reply: 'sent',
  });
});

it.each([
  ['had begun before it', { asked: true, environment: anActivity({ scheduledMsAgo: 60_000 }) }],
  ['was signalled before it', { asked: false }],
])('a release that %s is held back: it may have been sent after the backup', async (_, release) => {
  const sending = send({ restoredAtMs, released: true, message: { acceptedAt: before }, ...release });
  expect(await rejection(sending)).toMatchObject({ type: failureTypes.replyHeld });
  expect(gateway.sent.count).toBe(0);
});

it('a message that is too old for a reply is skipped', async () => {
  expect(await send({ restoredAtMs, ageMs: replyMaxAgeMs + 1 })).toEqual({ reply: 'skipped', reason: 'too-late' });
});
