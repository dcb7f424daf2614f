import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import {
  accepted,
  answering,
  contact,
  type ErrorClass,
  failure,
  owner,
  reply,
  send,
  settings,
  startApi,
} from './setup.js';

it('a reply is sent once, from the number that was texted, with our mark', async () => {
  const api = await startApi(answering(200, accepted));
  expect(await send(api.url)).toEqual({ gatewayMessageId: accepted.data.id });
  expect(api.requests).toHaveLength(1);
  expect(api.requests[0]).toMatchObject({
    line: 'POST /v1/messages/send',
    headers: { 'x-api-key': settings.apiKey, 'content-type': 'application/json' },
  });
  expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({
    from: owner,
    to: contact,
    content: reply.text,
    request_id: reply.mark,
    encrypted: false,
  });
});

it('the same reply twice is two requests with the same mark, each on a connection of its own', async () => {
  const api = await startApi(answering(202, accepted));
  for (const base of [api.url, `${api.url}/prefix//`]) await send(base);
  expect(api.requests.map(({ line }) => line)).toEqual(['POST /v1/messages/send', 'POST /prefix/v1/messages/send']);
  expect(new Set(api.requests.map(({ body }) => body)).size).toBe(1);
  expect(new Set(api.requests.map(({ connection }) => connection)).size).toBe(2);
});

it.each([
  ['without the number that was texted', { from: undefined }, 'the number that was texted'],
  ['of 2,049 characters', { text: 'é'.repeat(2_049) }, '2048 characters'],
])('a reply %s is rejected before it is sent', async (_what, overrides, words) => {
  const api = await startApi(answering(200, accepted));
  const error = await failure(send(api.url, overrides as Partial<typeof reply>), ReplyRejectedError);
  expect(error.message).toContain(words);
  expect(api.requests).toEqual([]);
});

it('a reply of 2,048 characters is sent, however long each is', async () => {
  const api = await startApi(answering(200, accepted));
  await send(api.url, { text: '😀'.repeat(2_048) });
  expect(api.requests).toHaveLength(1);
});

const invalid = (data: unknown) => ({ status: 'error', message: 'from the provider', data });
const theirs = `could not validate 'from' number [${owner}], please try again later`;
const unknownPhone = `no phone found with with 'from' number [${owner}]. install the android app`;

describe('a response', () => {
  it.each<[string, number, unknown, ErrorClass, string]>([
    ['400', 400, invalid(null), ReplyRejectedError, '400'],
    ['401', 401, invalid('from the provider'), ReplyRejectedError, '401: check HTTPSMS_API_KEY'],
    ['402', 402, invalid(null), ReplyRejectedError, '402: the plan of the account allows no more messages'],
    ['404', 404, '<h1>from the provider</h1>', ReplyRejectedError, '404'],
    ['422', 422, invalid({ to: [`${contact} is no number`] }), ReplyRejectedError, '422 (to)'],
    [
      '422 with several faults',
      422,
      invalid({ content: ['x'], [contact]: ['x'] }),
      ReplyRejectedError,
      '422 (content)',
    ],
    ['422 for an unknown phone', 422, invalid({ from: [unknownPhone, theirs] }), ReplyRejectedError, '422 (from)'],
    ['422 for a failed database', 422, invalid({ from: [theirs] }), ReplyNotSentError, '422: it could not look up'],
    [
      'the same beside a fault',
      422,
      invalid({ from: [theirs], send_at: ['x'] }),
      ReplyRejectedError,
      '422 (from, send_at)',
    ],
    ['422 without a list', 422, invalid('x'), ReplyRejectedError, '422'],
    ['422 in HTML', 422, '<html>', ReplyRejectedError, '422'],
    ['429', 429, invalid(null), ReplyNotSentError, '429'],
    ['500', 500, invalid(null), ReplyMaybeSentError, '500'],
    ['502', 502, '', ReplyMaybeSentError, '502'],
    ['503', 503, '', ReplyMaybeSentError, '503'],
    ['504', 504, '', ReplyMaybeSentError, '504'],
    ['200 in HTML', 200, '<html>', ReplyMaybeSentError, '200 and did not say'],
    ['200 without a body', 200, '', ReplyMaybeSentError, '200 and did not say'],
    ['200 with an error', 200, invalid(null), ReplyMaybeSentError, '200 and did not say'],
    ['204', 204, '', ReplyMaybeSentError, '204 and did not say'],
  ])('%s', async (_what, status, body, expected, words) => {
    const api = await startApi(answering(status, body));
    const error = await failure(send(api.url), expected);
    expect(error.message).toContain(`httpSMS answered ${words}`);
    expect(api.requests).toHaveLength(1);
  });

  it('of success without a usable id is a success', async () => {
    const api = await startApi(answering(200, { status: 'success', data: { id: 7 } }));
    expect(await send(api.url)).toEqual({});
  });

  it('429 passes Retry-After on', async () => {
    const api = await startApi(answering(429, {}, { 'retry-after': '120' }));
    expect(await failure(send(api.url), ReplyNotSentError)).toMatchObject({ retryAfterMs: 120_000 });
  });

  it.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    const api = await startApi(answering(status, '', { location: '/v1/messages/send' }));
    await failure(send(api.url), ReplyRejectedError);
    expect(api.requests).toHaveLength(1);
  });

  it('that never comes leaves the outcome open', async () => {
    const api = await startApi(() => {});
    const error = await failure(send(api.url, { timeoutMs: 200 }), ReplyMaybeSentError);
    expect(error.message).toContain('timed out after 200 ms');
  });

  it('that is cut off leaves the outcome open', async () => {
    const api = await startApi((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"status":', () => response.destroy());
    });
    await failure(send(api.url), ReplyMaybeSentError);
  });
});

describe('a connection', () => {
  it('that is refused sends nothing', async () => {
    const api = await startApi(answering(200, accepted));
    await new Promise((resolve) => api.server.close(resolve));
    expect((await failure(send(api.url), ReplyNotSentError)).message).toContain('ECONNREFUSED');
  });

  it('that is reset before the whole request is read leaves the outcome open', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    await failure(send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), ReplyMaybeSentError);
    server.close();
  });

  it('that is reset after the body was read leaves the outcome open', async () => {
    const api = await startApi((response) => void response.socket?.resetAndDestroy());
    await failure(send(api.url), ReplyMaybeSentError);
    expect(api.requests).toHaveLength(1);
  });
});
