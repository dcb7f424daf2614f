import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { createSendReply } from '../../src/activities/send-reply.js';
import type { Outbound } from '../../src/gateways/gateway.js';
import { ask, noContacts, noLimits } from '../helpers/contacts.js';
import { createOutbound } from '../../src/gateways/sms-mobile-api/outbound.js';
import { anActivity, rejection, runId } from '../helpers/activity.js';
import { aMessage } from '../helpers/messages.js';
import { failureTypes } from '../../src/domain/names.js';
import {
  apiKey,
  failed,
  gateway,
  number,
  recorded,
  replyMaxAgeMs,
  replyRetryForMs,
  send,
  text,
  useGateway,
} from './reply-sending.js';

useGateway();

describe('a run that was reset', () => {
  const firstRunId = '01980000-0000-7000-8000-00000000000f';
  const ageMs = replyMaxAgeMs + 1;
  const releasedSend = { send: 2, maxAgeMs: replyMaxAgeMs, startedAtMs: 0 };

  it.each([
    ['no operator released it', { released: false, asked: false }],
    ['what released it was asked for before the reset', { released: true, asked: false }],
    ['what was asked for since has not released it', { released: false, asked: true }],
  ])('is held back: %s', async (_, authority) => {
    const failure = (await rejection(
      send({ firstRunId, ...authority, environment: anActivity({ attempt: 3 }) }),
    )) as ApplicationFailure;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: failureTypes.replyHeld, nonRetryable: true, details: [{ attempt: 3 }] });
    expect(gateway.sent.count).toBe(0);
    expect(recorded.events).toMatchObject([{ event: 'reply.held', guid: 'test-001' }]);
  });

  it('is held back, not skipped, when its message is too old: the run before may have sent', async () => {
    expect(await rejection(send({ firstRunId, ageMs }))).toMatchObject({ type: failureTypes.replyHeld });
    expect(gateway.sent.count).toBe(0);
  });

  it.each([0, ageMs])(
    'is sent, although its message is %i ms old, when an operator released it after the reset',
    async (age) => {
      expect(await send({ firstRunId, released: true, asked: true, ageMs: age })).toMatchObject({ reply: 'sent' });
      expect(gateway.sent.count).toBe(1);
    },
  );

  it('is looked up by its own id, and only where it matters', async () => {
    const questions: unknown[] = [];
    const isAskedSince = async (...question: unknown[]) => (questions.push(question), true);
    const through: Outbound = { name: 'fake', send: async () => ({}) };
    const sendReply = createSendReply({
      outbound: through,
      replyRetryForMs,
      isAskedSince,
      ask,
      contacts: noContacts,
      limits: noLimits,
      log: recorded.log,
    });
    await anActivity().run(sendReply, aMessage({ from: number }), text, { ...releasedSend, firstRunId: runId });
    expect(questions).toEqual([]);
    await anActivity().run(sendReply, aMessage({ from: number }), text, { ...releasedSend, firstRunId });
    expect(questions).toEqual([['test-001', runId, 'reset']]);
  });

  it('is not sent when its history cannot be read', async () => {
    const isAskedSince = () => Promise.reject(new Error('unavailable'));
    const through = createOutbound({ apiKey, url: gateway.url });
    const sendReply = createSendReply({
      outbound: through,
      replyRetryForMs,
      isAskedSince,
      ask,
      contacts: noContacts,
      limits: noLimits,
      log: recorded.log,
    });
    const sending = anActivity().run(sendReply, aMessage({ from: number }), text, { ...releasedSend, firstRunId });
    await failed(sending, failureTypes.replyNotSent, { final: false });
    expect(gateway.sent.count).toBe(0);
  });
});
