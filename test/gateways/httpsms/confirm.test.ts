import { expect, it } from 'vitest';
import { readAgain } from '../../../src/api/admin/requeue.js';
import { ProblemError } from '../../../src/http/problem.js';
import { httpSms } from '../../../src/gateways/httpsms/gateway.js';
import { createInbound } from '../../../src/gateways/httpsms/inbound.js';
import type { HttpSmsSettings } from '../../../src/gateways/httpsms/settings.js';
import { startTestApi, webhookOf } from '../../helpers/api.js';
import { senderOf } from '../../helpers/messages.js';
import { anEvent, answering, aRow, contact, owner, settings, startApi } from './setup.js';
import { signedToken } from './tokens.js';

const messageId = '55555555-5555-4555-8555-555555555555';
const acceptedAt = new Date('2026-11-24T13:40:01.000Z');
const stored = (row: Record<string, unknown> = {}) => ({
  status: 'success',
  data: aRow({ id: messageId, type: 'mobile-originated', content: 'What was written', ...row }),
});

/** Reads a post and confirms it at this API. */
async function confirmed(url: string, data: Record<string, unknown> = {}, getTimeoutMs = 5_000) {
  const inbound = createInbound({ ...settings, url, confirm: true, getTimeoutMs }, { senderOf, secret: 'secret' });
  const read = inbound.read(Buffer.from(JSON.stringify(anEvent(data))), acceptedAt, {});
  return (await inbound.confirm?.(read)) ?? expect.unreachable('it confirms nothing');
}

it('without the setting there is no confirmation', () => {
  expect(createInbound(settings, { senderOf, secret: 'secret' })).not.toHaveProperty('confirm');
});

it('a text becomes what the API has under its id, and nothing else of it changes', async () => {
  const api = await startApi(answering(200, stored({ contact: '+1 206 555 0102' })));
  const { messages, rejected } = await confirmed(`${api.url}/`, { content: 'What an attacker wrote' });
  expect(rejected).toEqual([]);
  expect(messages).toMatchObject([
    { from: '+1 206 555 0102', sender: '+12065550102', to: owner, text: 'What was written', gateway: 'httpsms' },
  ]);
  expect(api.requests).toMatchObject([
    { line: `GET /v1/messages/${messageId}`, headers: { 'x-api-key': settings.apiKey }, body: '' },
  ]);
});

it.each([
  ['when the phone received it', '2026-11-24T16:40:00.123456+03:00', '2026-11-24T13:40:00.123Z'],
  ['no later than it was accepted', '2199-01-01T00:00:00Z', acceptedAt.toISOString()],
  ['not at all, where the API does not say', null, undefined],
])('the age of a text counts from %s', async (_what, received_at, receivedAt) => {
  const api = await startApi(answering(200, stored({ received_at })));
  expect((await confirmed(api.url, { timestamp: '2020-01-01T00:00:00Z' })).messages).toMatchObject([{ receivedAt }]);
});

it('a post without the number that was texted gets it', async () => {
  const api = await startApi(answering(200, stored()));
  expect((await confirmed(api.url, { owner: undefined })).messages).toMatchObject([{ from: contact, to: owner }]);
});

it.each([
  ['has not', 404, { status: 'error' }, /no message with this id/],
  ['refuses as no UUID', 422, { status: 'error' }, /no message with this id/],
  ['has under another id', 200, stored({ id: 'other' }), /another id/],
  ['has for another number', 200, stored({ owner: '+12065550198' }), /another number/],
  ['has as a reply of ours', 200, stored({ type: 'mobile-terminated' }), /not as a received text/],
  ['has encrypted', 200, stored({ encrypted: true }), /encrypted: switch off/],
])('a text that the API %s is rejected and kept', async (_what, status, body, reason) => {
  const api = await startApi(answering(status, body));
  const { messages, rejected } = await confirmed(api.url);
  expect(messages).toEqual([]);
  expect(rejected).toEqual([{ index: 0, reason: expect.stringMatching(reason), raw: JSON.stringify(anEvent()) }]);
  expect(rejected[0]?.reason).toMatch(/^data\.message_id: [^+]*$/);
});

it.each([
  ['answers 500', 500, {}],
  ['answers 503', 503, {}],
  ['answers 429', 429, {}],
  ['answers 401', 401, {}],
  ['sends us elsewhere', 307, { location: '/elsewhere' }],
])('when the API %s, httpSMS has to post again', async (_what, status, headers) => {
  const api = await startApi(answering(status, { status: 'error' }, headers));
  await expect(confirmed(api.url)).rejects.toMatchObject({ problem: 'not-accepted', status: 503 });
  await expect(confirmed(api.url)).rejects.toThrow(`answered ${status}`);
  expect(api.requests.map(({ line }) => line)).toEqual(Array(2).fill(`GET /v1/messages/${messageId}`));
});

it('a text that cannot be confirmed is kept before the 503, and an operator can requeue it', async () => {
  const { url } = await startApi(answering(500, { status: 'error' }));
  const webhook = webhookOf(httpSms, { ...settings, url, confirm: true } as HttpSmsSettings);
  const api = await startTestApi({ otherWebhooks: [webhook] });
  const headers = { authorization: `Bearer ${signedToken({ at: new Date() })}` };
  const response = await api.post(anEvent(), { path: httpSms.description.path, headers });
  await api.close();
  expect(response.status).toBe(503);
  const kept = {
    index: 0,
    reason: expect.stringContaining('answered 500'),
    raw: Buffer.from(JSON.stringify(anEvent())),
  };
  expect(api.acceptedPosts).toEqual([{ gateway: 'httpsms', messages: [], rejected: [kept] }]);

  const requeued = readAgain(webhook.inbound, kept.raw, {}, new Date()).messages;
  // What Temporal tells duplicates by is the same as that of a text which is confirmed when it is posted again.
  const again = await startApi(answering(200, stored({ content: anEvent().data.content })));
  const [repeated] = (await confirmed(again.url)).messages;
  expect(requeued).toMatchObject([{ id: repeated?.id, from: repeated?.from, text: repeated?.text }]);
});

it.each(['<html>', 'null', '{"data":{}}', '{"data":[]}'])('%s from the API is no confirmation', async (body) => {
  const api = await startApi(answering(200, body));
  await expect(confirmed(api.url)).rejects.toBeInstanceOf(ProblemError);
});

it('an API that does not respond in time, or at all, is no confirmation', async () => {
  const hanging = await startApi(() => {});
  await expect(confirmed(hanging.url, {}, 100)).rejects.toMatchObject({ status: 503 });
  const resetting = await startApi((response) => void response.socket?.resetAndDestroy());
  await expect(confirmed(resetting.url)).rejects.toMatchObject({ status: 503 });
  hanging.server.close();
  hanging.server.closeAllConnections();
  const error = await confirmed(hanging.url).catch((thrown: unknown) => thrown as ProblemError);
  expect(error).toMatchObject({ status: 503, extras: { headers: { 'Retry-After': '2' } } });
});

it('an id leads nowhere but to a message', async () => {
  const api = await startApi(answering(404, {}));
  await confirmed(api.url, { message_id: '../users/me?x=1#' });
  expect(api.requests[0]?.line).toBe('GET /v1/messages/..%2Fusers%2Fme%3Fx%3D1%23');
});

it('a post without a text, and one that is rejected already, need no confirmation', async () => {
  const api = await startApi(answering(500, {}));
  expect((await confirmed(api.url, { content: null })).rejected).toHaveLength(1);
  expect(api.requests).toEqual([]);
});
