import type { Socket } from 'node:net';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { failureTypes } from '../../src/domain/names.js';
import { eventually } from '../kit/eventually.js';
import {
  endByHand,
  expectNoSecrets,
  expectSent,
  pendingSend,
  quoting,
  replyStateOf,
  requestsAt,
  scripted,
  second,
  secrets,
  startRun,
  statusOf,
  useWorker,
  withGateway,
  withRawServer,
} from './reply-run.js';

useWorker();

const backoffMs = 2 * second;

/** The send after one that failed, while Temporal waits to make it. */
const nextSend = (handle: WorkflowHandle) =>
  eventually(async () => {
    const pending = await pendingSend(handle);
    return pending?.attempt && pending.attempt >= 2 && pending.nextAttemptScheduleTime ? pending : undefined;
  });

const inMs = (time: { seconds?: unknown; nanos?: number | null } | null | undefined) =>
  Number(time?.seconds) * second + (time?.nanos ?? 0) / 1e6;

describe.concurrent('a reply that was certainly not sent is retried by Temporal', () => {
  /** Expects a wait for the next send; what else is asked may come after that send. */
  async function expectWaiting(handle: WorkflowHandle): Promise<{ failedAtMs: number; nextAtMs: number }> {
    const pending = await nextSend(handle);
    expect(pending).toMatchObject({
      attempt: 2,
      lastFailure: { applicationFailureInfo: { type: failureTypes.replyNotSent, nonRetryable: false } },
    });
    await expectNoSecrets(handle, { failures: 1 });
    return { failedAtMs: inMs(pending.lastAttemptCompleteTime), nextAtMs: inMs(pending.nextAttemptScheduleTime) };
  }

  const body = { message: quoting };
  const status = 429;
  it.each([
    ['no Retry-After', undefined, backoffMs],
    ['Retry-After: 3', 3, 3 * second],
  ] as const)('429 with %s: after that time, and then sent', async (_, retryAfter, waitMs) => {
    await withGateway(
      [{ status, body, ...(retryAfter !== undefined && { retryAfter }) }],
      {},
      async (handle, gateway) => {
        const { failedAtMs, nextAtMs } = await expectWaiting(handle);
        expect(Math.abs(nextAtMs - failedAtMs - waitMs)).toBeLessThan(100);
        await expectSent(handle, gateway);
        expect(Date.parse(gateway.sent.texts[0]?.at ?? '')).toBeGreaterThanOrEqual(Math.floor(nextAtMs) - 5);
        await expectNoSecrets(handle, { failures: 1 });
      },
    );
  });

  it('429 with a date: at that time, and then sent', async () => {
    const date = new Date(Date.now() + 5 * second).toUTCString();
    await withGateway([{ status, body, retryAfter: date }], {}, async (handle, gateway) => {
      const { nextAtMs } = await expectWaiting(handle);
      // Never sooner, but for the second that the date is rounded to; later on a busy machine.
      expect(nextAtMs - Date.parse(date)).toBeGreaterThan(-1_000);
      expect(nextAtMs - Date.parse(date)).toBeLessThan(5_000);
      await expectSent(handle, gateway);
    });
  });

  it('429 with the longest Retry-After: after 10 minutes, not sooner', async () => {
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

  it('TLS to a port without TLS: nothing of the request was written', async () => {
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
