import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  expectParked,
  quoting,
  requestsAt,
  scripted,
  startRun,
  type Step,
  useWorker,
  withGateway,
  withRawServer,
} from './reply-run.js';

useWorker();

describe.concurrent('a reply that may have been sent parks as uncertain, and is not sent again', () => {
  const timeoutMs = 300;
  it.each<[string, Step, number, RegExp, { timeoutMs?: number }?]>([
    ['a reset before accepting', { reset: 'before' }, 0, /then ECONNRESET$/],
    ['a reset after accepting', { reset: 'after' }, 1, /then ECONNRESET$/],
    ...[500, 502, 504].map((status): [string, Step, number, RegExp] => [
      `${status} after accepting`,
      { status, accept: true, body: { error: quoting } },
      1,
      new RegExp(`answered ${status}$`),
    ]),
    ['a truncated body', { truncate: true }, 1, /the request went out, then/],
    ['a slow drip', { drip: true }, 1, /timed out after 300 ms$/, { timeoutMs }],
    ['no response in time', { hang: true }, 1, /timed out after 300 ms$/, { timeoutMs }],
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
