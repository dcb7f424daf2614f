import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { createSendReply } from '../../src/activities/send-reply.js';
import { createOutbound } from '../../src/gateways/sms-mobile-api/outbound.js';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { ask, noContacts, noLimits } from '../helpers/contacts.js';
import { queries, replyState, signals } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { silentLog } from '../helpers/logs.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

export type Step = ScriptInput[number];

const number = '+15550009876';
const text = 'Noted: a secret affair';
const apiKey = 'key-7f3a9';
export const secrets = [number, number.slice(1), 'secret affair', apiKey];
/** A gateway's own words may quote all that it was sent. */
export const quoting = `no route to ${number} for "${text}" with ${apiKey}`;

export const second = 1_000;

/** How often a step is scripted, so that what is left of it says how often the gateway was asked. */
export const scripted = 10;

let temporal: TemporalForTest;
let stopWorker: () => Promise<void>;
/** One worker for all runs; each has its own send, and so its own gateway. */
const activitiesOf = new Map<string, Pick<Activities, 'sendReply'>>();

/** Starts one worker for all runs of a file. */
export function useWorker(): void {
  beforeAll(async () => {
    temporal = await connectForTest();
    const of = (guid: string) => activitiesOf.get(guid) as Pick<Activities, 'sendReply'>;
    stopWorker = await temporal.startWorker({
      consider: async () => aDecision({ text }),
      sendReply: (message, ...rest) => of(message.id).sendReply(message, ...rest),
    });
  });
  afterAll(async () => {
    await stopWorker();
    await temporal.close();
  });
}

/** Starts a run whose reply goes to this URL. */
export async function startRun({
  url,
  timeoutMs = 5 * second,
  replyRetryForMs = 3_600_000,
}: {
  url: string;
  timeoutMs?: number;
  replyRetryForMs?: number;
}): Promise<WorkflowHandle> {
  const message = aMessage({ from: number });
  const outbound = createOutbound({ apiKey, url, timeoutMs });
  const sendReply = createSendReply({
    outbound,
    replyRetryForMs,
    isAskedSince: async () => false,
    ask,
    contacts: noContacts,
    limits: noLimits,
    log: silentLog,
  });
  activitiesOf.set(message.id, { sendReply });
  await temporal.startWorkflow(message);
  return temporal.client.workflow.getHandle(message.id);
}

/** A gateway of this test's own, and a run that sends through it. */
export async function withGateway(
  script: ScriptInput,
  how: { timeoutMs?: number; replyRetryForMs?: number },
  work: (handle: WorkflowHandle, gateway: SimulatedGateway) => Promise<void>,
): Promise<void> {
  const gateway = await startSimulatedGateway({ port: 0 });
  try {
    gateway.script(script);
    await work(await startRun({ url: gateway.url, ...how }), gateway);
  } finally {
    await gateway.close();
  }
}

export const statusOf = (handle: WorkflowHandle) => handle.query<Status>(queries.status);

export async function replyStateOf(handle: WorkflowHandle): Promise<string | undefined> {
  return (await handle.describe()).typedSearchAttributes.get(replyState);
}

export async function pendingSend(handle: WorkflowHandle) {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'sendReply');
}

/** How often the gateway was asked, of a script with one step. */
export async function requestsAt(gateway: SimulatedGateway): Promise<number> {
  const left = (await (await fetch(`${gateway.url}/script`)).json()) as { times: number }[];
  return scripted - (left[0]?.times ?? 0);
}

/** Every string in a value of Temporal's, payloads included. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(wordsIn).join('\n');
}

/** Fails where anything that Temporal Web UI shows of a failure gives a secret away. */
export async function expectNoSecrets(
  handle: WorkflowHandle,
  { failures: least }: { failures: number },
): Promise<void> {
  // Before the history, where it stands once it is pending no more.
  const pending = await pendingSend(handle);
  const { events } = await handle.fetchHistory();
  const failures = (events ?? []).flatMap((event) => [
    event.activityTaskFailedEventAttributes?.failure,
    event.activityTaskTimedOutEventAttributes?.failure,
    event.activityTaskStartedEventAttributes?.lastFailure,
    event.workflowTaskFailedEventAttributes?.failure,
    event.workflowExecutionFailedEventAttributes?.failure,
  ]);
  const shown = [...failures, pending?.lastFailure].filter((failure) => failure !== null && failure !== undefined);
  expect(shown.length).toBeGreaterThanOrEqual(least);
  const { lastFailure } = await statusOf(handle);
  const { currentDetails } = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  const words = wordsIn([shown, lastFailure, currentDetails]);
  for (const secret of secrets) expect(words).not.toContain(secret);
}

/**
 * Expects a reply that was tried once, by default, is parked and stays so, until an operator ends its run.
 */
export async function expectParked(
  handle: WorkflowHandle,
  as: 'failed' | 'uncertain',
  what: RegExp,
  { tries = 1 } = {},
): Promise<void> {
  await eventually(async () => (await statusOf(handle)).state === 'parked');
  expect(await statusOf(handle)).toMatchObject({
    state: 'parked',
    parkedAs: as,
    lastFailure: expect.stringMatching(what),
    tries,
  });
  expect(await replyStateOf(handle)).toBe(as);
  expect(await pendingSend(handle)).toBeUndefined();
  await expectNoSecrets(handle, { failures: 1 });
  await endByHand(handle);
}

export async function endByHand(handle: WorkflowHandle): Promise<void> {
  await handle.signal(signals.markReplySent);
  expect(await handle.result()).toMatchObject({ reply: 'sent', by: 'operator' });
  await eventually(async () => (await replyStateOf(handle)) === undefined);
}

export async function expectSent(handle: WorkflowHandle, gateway: SimulatedGateway): Promise<void> {
  const outcome: unknown = await handle.result();
  expect(gateway.sent.texts).toMatchObject([{ to: number, text }]);
  expect(outcome).toMatchObject({ reply: 'sent', gatewayMessageId: gateway.sent.texts[0]?.id });
  expect(await statusOf(handle)).toEqual({ state: 'done', verdict: { label: 'Agree', by: 'rules' }, tries: 0 });
  expect(await replyStateOf(handle)).toBeUndefined();
}

/** A TCP server that does this to each connection. */
export async function withRawServer(
  onConnection: (socket: Socket) => void,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
