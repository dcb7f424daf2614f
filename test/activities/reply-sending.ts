import { ApplicationFailure } from '@temporalio/common';
import type { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { createSendReply, type ReplyResult, type SendReplyOptions } from '../../src/activities/send-reply.js';
import type { InboundMessage } from '../../src/domain/message.js';
import type { Despite } from '../../src/domain/decision.js';
import { ask, noContacts, noLimits } from '../helpers/contacts.js';
import type { Outbound } from '../../src/gateways/gateway.js';
import { createOutbound } from '../../src/gateways/sms-mobile-api/outbound.js';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { anActivity, rejection, runId } from '../helpers/activity.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';

export type Step = ScriptInput[number];

export const number = '+15550001234';
export const text = 'Noted: a secret affair';
export const apiKey = 'key-7f3a9';
export const replyMaxAgeMs = 3_600_000;
export const replyRetryForMs = 1_800_000;

export let gateway: SimulatedGateway;
export let recorded: ReturnType<typeof recordingLog>;

/** Gives each test of a file a simulated gateway of its own, and a log in which no secret may stand. */
export function useGateway(): void {
  beforeEach(async () => {
    gateway = await startSimulatedGateway({ port: 0 });
    recorded = recordingLog();
  });
  afterEach(async () => {
    for (const secret of [number, number.slice(1), 'secret affair', apiKey])
      expect(JSON.stringify(recorded.events)).not.toContain(secret);
    await gateway.close();
  });
}

export function send({
  environment = anActivity(),
  ageMs = 0,
  message: more = {},
  url = gateway.url,
  timeoutMs = 5_000,
  through = createOutbound({ apiKey, url, timeoutMs }),
  firstRunId = runId,
  released = false,
  restoredAtMs,
  asked = false,
  contacts = noContacts,
  limits = noLimits,
  despite,
  wasMaybeSent,
}: {
  environment?: MockActivityEnvironment;
  ageMs?: number;
  message?: Partial<InboundMessage>;
  url?: string;
  timeoutMs?: number;
  through?: Outbound;
  firstRunId?: string;
  released?: boolean;
  restoredAtMs?: number;
  asked?: boolean;
  contacts?: SendReplyOptions['contacts'];
  limits?: SendReplyOptions['limits'];
  despite?: Despite;
  wasMaybeSent?: boolean;
} = {}): Promise<ReplyResult> {
  const sendReply = createSendReply({
    outbound: through,
    replyRetryForMs,
    restoredAtMs,
    isAskedSince: async () => asked,
    ask,
    contacts,
    limits,
    log: recorded.log,
  });
  const message = aMessage({ from: number, acceptedAt: new Date(Date.now() - ageMs).toISOString(), ...more });
  return environment.run(sendReply, message, text, {
    firstRunId,
    send: released ? 2 : 1,
    maxAgeMs: replyMaxAgeMs,
    startedAtMs: Date.now(),
    ...(despite && { despite }),
    ...(wasMaybeSent && { wasMaybeSent }),
  });
}

/** Expects this failure, without a secret in it, and the line about it in the log. */
export async function failed(
  sending: Promise<unknown>,
  type: string,
  { final }: { final: boolean },
): Promise<ApplicationFailure> {
  const failure = (await rejection(sending)) as ApplicationFailure;
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type, nonRetryable: final, cause: undefined });
  for (const secret of [number, 'secret affair', apiKey]) expect(failure.message).not.toContain(secret);
  expect(recorded.events).toMatchObject([
    { event: 'reply.failed', guid: 'test-001', type, msg: `Auto-reply failed: ${failure.message}` },
  ]);
  return failure;
}
