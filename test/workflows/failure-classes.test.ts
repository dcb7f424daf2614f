import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../../src/activities/index.js';
import { createSmsMobileApi } from '../../src/gateways/sms-mobile-api.js';
import type { ScriptInput } from '../../src/simulated-gateway/script.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import { replyState } from '../../src/temporal/contract.js';
import type { Status } from '../../src/workflows/operators.js';
import { eventually } from '../helpers/eventually.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { defaultPlaybook, unchanging } from '../helpers/playbook.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

type Step = ScriptInput[number];

const number = '+15550009876';
const text = 'Noted: a secret affair';
const apiKey = 'key-7f3a9';
const secrets = [number, number.slice(1), 'secret affair', apiKey];
/** A gateway's own words may quote all that it was sent. */
const quoting = `no route to ${number} for "${text}" with ${apiKey}`;

const second = 1_000;
const backoffMs = 2 * second;
/** How often a step is scripted, so that what is left of it says how often the gateway was asked. */
const scripted = 10;

let temporal: TemporalForTest;
let stopWorker: () => Promise<void>;
/** One worker for all runs; each has its own activities, and so its own gateway. */
const activitiesOf = new Map<string, Activities>();

beforeAll(async () => {
  temporal = await connectForTest();
  const of = (guid: string) => activitiesOf.get(guid) as Activities;
  stopWorker = await temporal.startWorker({
    classify: (message) => of(message.guid).classify(message),
    sendReply: (message, ...rest) => of(message.guid).sendReply(message, ...rest),
  });
});
afterAll(async () => {
  await stopWorker();
  await temporal.close();
});

/** Starts a run whose reply goes to this URL. */
async function startRun({ url, timeoutMs = 5 * second, replyRetryForMs = 3_600_000 }: { url: string; timeoutMs?: number; replyRetryForMs?: number }): Promise<WorkflowHandle> {
  const message = aMessage({ number });
  const activities = createActivities({
    playbook: unchanging(defaultPlaybook),
    autoReply: { enabled: true, text },
    parkMs: 600_000,
    gateway: createSmsMobileApi({ apiKey, url, timeoutMs }),
    replyMaxAgeMs: 86_400_000,
    replyRetryForMs,
    isAskedSinceReset: async () => false,
    stopping: new AbortController().signal,
    runUrl: (workflowId) => workflowId,
    log: silentLog,
  });
  activitiesOf.set(message.guid, activities);
  await temporal.startWorkflow(message);
  return temporal.client.workflow.getHandle(message.guid);
}

/** A gateway of this test's own, and a run that sends through it. */
async function withGateway(script: ScriptInput, how: { timeoutMs?: number; replyRetryForMs?: number }, work: (handle: WorkflowHandle, gateway: SimulatedGateway) => Promise<void>): Promise<void> {
  const gateway = await startSimulatedGateway({ port: 0 });
  try {
    gateway.script(script);
    await work(await startRun({ url: gateway.url, ...how }), gateway);
  } finally {
    await gateway.close();
  }
}

const statusOf = (handle: WorkflowHandle) => handle.query<Status>('status');

async function replyStateOf(handle: WorkflowHandle): Promise<string | undefined> {
  return (await handle.describe()).typedSearchAttributes.get(replyState);
}

async function pendingSend(handle: WorkflowHandle) {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'sendReply');
}

/** The send after one that failed, while Temporal waits to make it. */
const nextSend = (handle: WorkflowHandle) =>
  eventually(async () => {
    const pending = await pendingSend(handle);
    return pending?.attempt && pending.attempt >= 2 && pending.nextAttemptScheduleTime ? pending : undefined;
  });

const inMs = (time: { seconds?: unknown; nanos?: number | null } | null | undefined) => Number(time?.seconds) * second + (time?.nanos ?? 0) / 1e6;

/** How often the gateway was asked, of a script with one step. */
async function requestsAt(gateway: SimulatedGateway): Promise<number> {
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
async function expectNoSecrets(handle: WorkflowHandle, { failures: least }: { failures: number }): Promise<void> {
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

/** Expects a reply that was tried once, unless told otherwise, is parked and stays so, until an operator ends its run. */
async function expectParked(handle: WorkflowHandle, as: 'failed' | 'uncertain', what: RegExp, { tries = 1 } = {}): Promise<void> {
  await eventually(async () => (await statusOf(handle)).state === 'parked');
  expect(await statusOf(handle)).toMatchObject({ state: 'parked', parkedAs: as, lastFailure: expect.stringMatching(what), tries });
  expect(await replyStateOf(handle)).toBe(as);
  expect(await pendingSend(handle)).toBeUndefined();
  await expectNoSecrets(handle, { failures: 1 });
  await endByHand(handle);
}

async function endByHand(handle: WorkflowHandle): Promise<void> {
  await handle.signal('markReplySent');
  expect(await handle.result()).toMatchObject({ reply: 'sent', by: 'operator' });
  expect(await replyStateOf(handle)).toBeUndefined();
}

async function expectSent(handle: WorkflowHandle, gateway: SimulatedGateway): Promise<void> {
  const outcome: unknown = await handle.result();
  expect(gateway.sent.texts).toMatchObject([{ to: number, text }]);
  expect(outcome).toMatchObject({ reply: 'sent', gatewayMessageId: gateway.sent.texts[0]?.id });
  expect(await statusOf(handle)).toEqual({ state: 'done', verdict: { label: 'Agree', by: 'rules' }, tries: 0 });
  expect(await replyStateOf(handle)).toBeUndefined();
}

/** A TCP server that does this to each connection. */
async function withRawServer(onConnection: (socket: Socket) => void, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe.concurrent('a reply that the gateway takes', () => {
  it('200: is sent once, and done', async () => {
    await withGateway([], {}, async (handle, gateway) => {
      await expectSent(handle, gateway);
      await expectNoSecrets(handle, { failures: 0 });
    });
  });
});

describe.concurrent('a reply that the gateway refuses parks as failed at once', () => {
  const quotingBody = { error: quoting, message: quoting };
  it.each<[string, Step, RegExp]>([
    ...[301, 400, 401, 403, 404, 408].map((status): [string, Step, RegExp] => [String(status), { status, body: quotingBody }, new RegExp(`answered ${status}$`)]),
    ['200 with an application error', { accept: false, body: { result: { error: 3, sent: '0', note: quoting } } }, /answered 200 \(error 3\) and refused/],
    ['200 with an error in words', { accept: false, body: quotingBody }, /answered 200 and refused/],
    ['429 with a Retry-After past 10 minutes', { status: 429, retryAfter: 601, body: quotingBody }, /answered 429$/],
    ['503 with a date past 10 minutes', { status: 503, retryAfter: new Date(Date.now() + 1_200 * second).toUTCString(), body: quotingBody }, /answered 503$/],
  ])('%s', async (_, step, what) => {
    await withGateway([{ ...step, times: scripted }], {}, async (handle, gateway) => {
      await expectParked(handle, 'failed', what);
      expect(gateway.sent.count).toBe(0);
      expect(await requestsAt(gateway)).toBe(1);
    });
  });

});

it('503 parks as failed when the time for retries has passed since the first', async () => {
  await withGateway([{ status: 503, times: scripted }], { replyRetryForMs: second }, async (handle, gateway) => {
    await expectParked(handle, 'failed', /answered 503 \(error 503\)$/, { tries: 2 });
    expect(gateway.sent.count).toBe(0);
    expect(await requestsAt(gateway)).toBe(2);
  });
});

describe.concurrent('a reply that surely was not sent is tried again by Temporal', () => {
  /** Expects a wait for the next send; what else is asked may come after that send. */
  async function expectWaiting(handle: WorkflowHandle): Promise<{ failedAtMs: number; nextAtMs: number }> {
    const pending = await nextSend(handle);
    expect(pending).toMatchObject({ attempt: 2, lastFailure: { applicationFailureInfo: { type: 'ReplyNotSent', nonRetryable: false } } });
    await expectNoSecrets(handle, { failures: 1 });
    return { failedAtMs: inMs(pending.lastAttemptCompleteTime), nextAtMs: inMs(pending.nextAttemptScheduleTime) };
  }

  const body = { message: quoting };
  const statuses = [429, 503] as const;
  it.each(statuses.flatMap((status) => [[status, 'no Retry-After', undefined, backoffMs] as const, [status, 'Retry-After: 3', 3, 3 * second] as const]))(
    '%i with %s: in its time, and then sent',
    async (status, _, retryAfter, waitMs) => {
      await withGateway([{ status, body, ...(retryAfter !== undefined && { retryAfter }) }], {}, async (handle, gateway) => {
        const { failedAtMs, nextAtMs } = await expectWaiting(handle);
        expect(Math.abs(nextAtMs - failedAtMs - waitMs)).toBeLessThan(100);
        await expectSent(handle, gateway);
        expect(Date.parse(gateway.sent.texts[0]?.at ?? '')).toBeGreaterThanOrEqual(Math.floor(nextAtMs) - 5);
        await expectNoSecrets(handle, { failures: 1 });
      });
    },
  );

  it.each(statuses)('%i with a date: then, and sent', async (status) => {
    const date = new Date(Date.now() + 5 * second).toUTCString();
    await withGateway([{ status, body, retryAfter: date }], {}, async (handle, gateway) => {
      const { nextAtMs } = await expectWaiting(handle);
      expect(Math.abs(nextAtMs - Date.parse(date))).toBeLessThan(1_500);
      await expectSent(handle, gateway);
    });
  });

  it.each(statuses)('%i with the longest Retry-After, 10 minutes: not sooner', async (status) => {
    await withGateway([{ status, body, retryAfter: 600, times: scripted }], {}, async (handle, gateway) => {
      const { failedAtMs, nextAtMs } = await expectWaiting(handle);
      expect(Math.abs(nextAtMs - failedAtMs - 600 * second)).toBeLessThan(100);
      expect(await statusOf(handle)).toEqual({ state: 'sending', verdict: { label: 'Agree', by: 'rules' }, tries: 0 });
      expect(await replyStateOf(handle)).toBeUndefined();
      await endByHand(handle);
      expect(await requestsAt(gateway)).toBe(1);
      expect(gateway.sent.count).toBe(0);
    });
  });

  it('no connection', async () => {
    // tcpmux, which nothing serves any more: a free port could be taken by another test meanwhile.
    const handle = await startRun({ url: 'http://127.0.0.1:1' });
    const { failedAtMs, nextAtMs } = await expectWaiting(handle);
    expect(Math.abs(nextAtMs - failedAtMs - backoffMs)).toBeLessThan(100);
    await endByHand(handle);
  });

  it('TLS to a port that speaks none: nothing of the request went out', async () => {
    const got: Buffer[] = [];
    const answerPlainly = (socket: Socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        got.push(chunk);
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
    };
    await withRawServer(answerPlainly, async (host) => {
      const handle = await startRun({ url: `https://${host}` });
      await expectWaiting(handle);
      await endByHand(handle);
      for (const secret of [...secrets, 'sendsms']) expect(Buffer.concat(got).toString()).not.toContain(secret);
      expect(got.length).toBeGreaterThan(0);
    });
  });
});

describe.concurrent('a reply that may have been sent parks as uncertain, and is not sent again', () => {
  const timeoutMs = 300;
  it.each<[string, Step, number, RegExp, { timeoutMs?: number }?]>([
    ['a reset before accepting', { reset: 'before' }, 0, /then ECONNRESET$/],
    ['a reset after accepting', { reset: 'after' }, 1, /then ECONNRESET$/],
    ...[500, 502, 504].map((status): [string, Step, number, RegExp] => [`${status} after accepting`, { status, accept: true, body: { error: quoting } }, 1, new RegExp(`answered ${status}$`)]),
    ['a truncated body', { truncate: true }, 1, /the request went out, then/],
    ['a slow drip', { drip: true }, 1, /timed out after 300 ms$/, { timeoutMs }],
    ['no answer', { hang: true }, 1, /timed out after 300 ms$/, { timeoutMs }],
    ['200 with HTML', { body: `<html><body>${quoting}</body></html>` }, 1, /did not say whether/],
  ])('%s', async (_, step, accepted, what, how = {}) => {
    await withGateway([{ ...step, times: scripted }], how, async (handle, gateway) => {
      await expectParked(handle, 'uncertain', what);
      expect(gateway.sent.count).toBe(accepted);
      expect(await requestsAt(gateway)).toBe(1);
    });
  });

  it('a reset as soon as its first bytes come', async () => {
    let connections = 0;
    const reset = (socket: Socket) => {
      connections++;
      socket.on('error', () => undefined);
      // Not sooner: whether the client sees its connection stand before it breaks is then chance.
      socket.once('data', () => socket.resetAndDestroy());
    };
    await withRawServer(reset, async (host) => {
      await expectParked(await startRun({ url: `http://${host}` }), 'uncertain', /the request went out, then/);
      expect(connections).toBe(1);
    });
  });
});
