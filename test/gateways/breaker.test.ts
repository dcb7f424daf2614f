import { aReply } from '../helpers/gateways.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { withBreaker } from '../../src/gateways/breaker.js';
import {
  type Outbound,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
  type SentReply,
} from '../../src/gateways/gateway.js';
import { maxMaybeSentInARow } from '../../src/domain/waiting.js';
import { eventually } from '../kit/eventually.js';

const maybeSent = new ReplyMaybeSentError('maybe sent');
const reply = aReply();
const backoff = { firstWaitMs: 30, coefficient: 2, maxWaitMs: 120 };

/** What the gateway does with the next send. */
let next: () => Promise<SentReply>;
let requests: number;
let changes: boolean[];
let outbound: Outbound;

beforeEach(() => {
  next = fails(maybeSent);
  requests = 0;
  changes = [];
  outbound = withBreaker(
    { name: 'fake', send: () => (requests++, next()) },
    { onChange: (isOpen) => void changes.push(isOpen), backoff },
  );
});

function fails(error: Error): () => Promise<never> {
  return () => Promise.reject(error);
}

const succeeds = async () => ({ gatewayMessageId: 'abc' });
const send = (signal = new AbortController().signal) =>
  outbound.send(reply, signal).then(
    () => 'sent',
    (error: unknown) => error,
  );

async function sendTimes(times: number): Promise<unknown[]> {
  const results: unknown[] = [];
  for (let count = 0; count < times; count++) results.push(await send());
  return results;
}

const opened = () => sendTimes(maxMaybeSentInARow);

describe('the breaker of a gateway', () => {
  it('opens after so many sends of unknown outcome in a row; then none connects', async () => {
    expect(await opened()).toEqual(Array.from({ length: maxMaybeSentInARow }, () => maybeSent));
    expect(changes).toEqual([true]);
    const refused = await send();
    expect(refused).toBeInstanceOf(ReplyNotSentError);
    expect((refused as ReplyNotSentError).retryAfterMs).toBeGreaterThan(0);
    expect((refused as ReplyNotSentError).retryAfterMs).toBeLessThanOrEqual(2 * backoff.firstWaitMs);
    expect(requests).toBe(maxMaybeSentInARow);
  });

  it.each([
    ['a reply was sent', succeeds],
    ['a reply was refused', fails(new ReplyRejectedError('refused'))],
  ])('starts to count again after %s', async (_, responds) => {
    await sendTimes(maxMaybeSentInARow - 1);
    next = responds;
    await send();
    next = fails(maybeSent);
    await sendTimes(maxMaybeSentInARow - 1);
    expect(changes).toEqual([]);
    await send();
    expect(changes).toEqual([true]);
  });

  it('does not count replies that were certainly not sent, nor sends that were aborted', async () => {
    next = fails(new ReplyNotSentError('no connection'));
    await sendTimes(2 * maxMaybeSentInARow);
    next = fails(maybeSent);
    for (let count = 0; count < 2 * maxMaybeSentInARow; count++) await send(AbortSignal.abort());
    expect(changes).toEqual([]);
  });

  it('counts errors that a gateway should not throw, since the reply may have gone out', async () => {
    next = fails(new TypeError('a bug'));
    await opened();
    expect(changes).toEqual([true]);
  });

  it('sends one probe at a time, with growing pauses, and closes when one is sent', async () => {
    await opened();
    const pauses: number[] = [];
    for (let probes = 1; probes <= 4; probes++) {
      const fromMs = performance.now();
      await eventually(async () => (await send(), requests === maxMaybeSentInARow + probes));
      pauses.push(performance.now() - fromMs);
    }
    pauses.forEach((pause, index) => expect(pause).toBeGreaterThan([30, 60, 120, 120][index]! - 2));

    let respond = () => {};
    next = () => new Promise((resolve) => (respond = () => resolve({})));
    const before = requests;
    const sends: Promise<unknown>[] = [];
    await eventually(() => (sends.push(send()), requests === before + 1));
    expect(await send()).toBeInstanceOf(ReplyNotSentError);
    expect(requests).toBe(before + 1);
    respond();
    expect(await sends.at(-1)).toBe('sent');
    expect(changes).toEqual([true, false]);
    next = succeeds;
    expect(await sendTimes(3)).toEqual(['sent', 'sent', 'sent']);
  });

  it('closes when a send that began before it opened succeeds', async () => {
    let respond = () => {};
    next = () => new Promise((resolve) => (respond = () => resolve({})));
    const slow = send();
    next = fails(maybeSent);
    await opened();
    respond();
    expect(await slow).toBe('sent');
    expect(changes).toEqual([true, false]);
  });

  it('keeps the look-up of the gateway', () => {
    const lookUp = async () => 'unknown' as const;
    expect(withBreaker({ name: 'fake', send: succeeds, lookUp }, { onChange() {} })).toHaveProperty('lookUp');
    expect(outbound).not.toHaveProperty('lookUp');
  });
});
