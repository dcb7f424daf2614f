import { expect, it } from 'vitest';
import type { OutboundReply } from '../../../src/gateways/gateway.js';
import { createOutbound } from '../../../src/gateways/httpsms/outbound.js';
import { answering, aRow, reply, settings, startApi } from './setup.js';

interface Options {
  getTimeoutMs?: number;
  signal?: AbortSignal;
  asked?: OutboundReply;
}
const lookUp = (
  url: string,
  { getTimeoutMs = 5_000, signal = new AbortController().signal, asked = reply }: Options = {},
) => createOutbound({ ...settings, url, getTimeoutMs }).lookUp?.(asked, signal);

const list = (...data: unknown[]) => ({ status: 'success', data });
const found = { gatewayMessageId: aRow().id };

it('asks for the newest messages between the two numbers', async () => {
  const api = await startApi(answering(200, list(aRow())));
  expect(await lookUp(api.url)).toEqual(found);
  expect(api.requests).toMatchObject([
    {
      line: 'GET /v1/messages?owner=%2B12065550199&contact=%2B12065550101&skip=0&limit=20',
      headers: { 'x-api-key': settings.apiKey },
    },
  ]);
});

it.each<[string, unknown[], unknown]>([
  ['among others', [null, {}, aRow({ id: 'x', request_id: null }), aRow()], found],
  ['sent', [aRow({ status: 'sent' })], found],
  ['delivered', [aRow({ status: 'delivered' })], found],
  ['expired with attempts left', [aRow({ status: 'expired', send_attempt_count: 1, max_send_attempts: 2 })], found],
  ['expired for good', [aRow({ status: 'expired', send_attempt_count: 2, max_send_attempts: 2 })], 'unknown'],
  ['expired, who knows', [aRow({ status: 'expired', send_attempt_count: null, max_send_attempts: null })], 'unknown'],
  ['failed', [aRow({ status: 'failed' })], 'unknown'],
  ['absent', [], 'unknown'],
  ['absent, beside another one with the same text', [aRow({ request_id: 'httpsms.other.1' })], 'unknown'],
  ['absent, beside the next send of the same reply', [aRow({ request_id: reply.mark.replace(/1$/, '2') })], 'unknown'],
  ['a received text with the mark', [aRow({ type: 'mobile-originated' })], 'unknown'],
])('a reply that is %s', async (_what, rows, expected) => {
  const api = await startApi(answering(200, list(...rows)));
  expect(await lookUp(api.url)).toEqual(expected);
});

it.each([
  [500, list(aRow())],
  [401, {}],
  [307, list(aRow())],
  [200, '<html>'],
  [200, { data: aRow() }],
])('%i with %j tells nothing', async (status, body) => {
  const api = await startApi(answering(status, body, { location: '/elsewhere' }));
  expect(await lookUp(api.url)).toBe('unknown');
  expect(api.requests).toHaveLength(1);
});

it('a provider that is down or hangs, or an abort, tells nothing', async () => {
  const hanging = await startApi(() => {});
  expect(await lookUp(hanging.url, { getTimeoutMs: 100 })).toBe('unknown');
  expect(await lookUp(hanging.url, { signal: AbortSignal.abort() })).toBe('unknown');
  await new Promise<void>((resolve) => {
    hanging.server.close(() => resolve());
    hanging.server.closeAllConnections();
  });
  expect(await lookUp(hanging.url)).toBe('unknown');
});

it('without the number that was texted there is nothing to ask', async () => {
  const api = await startApi(answering(200, list(aRow())));
  expect(await lookUp(api.url, { asked: { ...reply, from: undefined } })).toBe('unknown');
  expect(api.requests).toEqual([]);
});
