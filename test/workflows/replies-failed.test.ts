import { describe, expect, it } from 'vitest';
import {
  expectNoSecrets,
  expectParked,
  expectSent,
  quoting,
  requestsAt,
  scripted,
  second,
  type Step,
  useWorker,
  withGateway,
} from './reply-run.js';

useWorker();

describe.concurrent('a reply that the gateway accepts', () => {
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
    ...[301, 400, 401, 403, 404].map((status): [string, Step, RegExp] => [
      String(status),
      { status, body: quotingBody },
      new RegExp(`answered ${status}$`),
    ]),
    [
      '200 with an application error',
      { accept: false, body: { result: { error: 3, sent: '0', note: quoting } } },
      /answered 200 \(error 3\) and refused/,
    ],
    ['200 with an error in words', { accept: false, body: quotingBody }, /answered 200 and refused/],
    ['429 with a Retry-After past 10 minutes', { status: 429, retryAfter: 601, body: quotingBody }, /answered 429$/],
    [
      '429 with a date past 10 minutes',
      { status: 429, retryAfter: new Date(Date.now() + 1_200 * second).toUTCString(), body: quotingBody },
      /answered 429$/,
    ],
  ])('%s', async (_, step, what) => {
    await withGateway([{ ...step, times: scripted }], {}, async (handle, gateway) => {
      await expectParked(handle, 'failed', what);
      expect(gateway.sent.count).toBe(0);
      expect(await requestsAt(gateway)).toBe(1);
    });
  });
});

it('429 parks as failed when the time for retries has passed since the first', async () => {
  await withGateway([{ status: 429, times: scripted }], { replyRetryForMs: second }, async (handle, gateway) => {
    await expectParked(handle, 'failed', /answered 429 \(error 429\)$/, { tries: 2 });
    expect(gateway.sent.count).toBe(0);
    expect(await requestsAt(gateway)).toBe(2);
  });
});
