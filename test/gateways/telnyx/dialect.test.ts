import { describe, expect, it } from 'vitest';
import type { ApiRequest, AskedText, WebhookPost } from '../../../src/demo/simulated-gateway/dialect.js';
import { createTelnyxDialect } from '../../../src/demo/simulated-gateway/dialects/telnyx.js';
import type { ReceiptState } from '../../../src/domain/receipt.js';
import { ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { telnyx } from '../../../src/gateways/telnyx/gateway.js';
import { senderOf } from '../../helpers/messages.js';
import { answering, failure, mark, provider, reply, send, settings, useProvider } from './provider.js';

useProvider();

const dialect = createTelnyxDialect({ settings, webhookUrl: settings.webhookUrl });
const inbound = telnyx.createInbound(settings, { senderOf, secret: 'a-secret' });

/** Verifies and reads a post of the dialect, as the api does. */
function receive({ url, headers, body }: WebhookPost) {
  const { pathname, search, searchParams } = new URL(url);
  expect(pathname).toBe(telnyx.description.path);
  const query = Object.fromEntries(searchParams);
  const verification = inbound.verify({ headers, query, target: `${pathname}${search}` });
  expect(typeof verification === 'function' && verification(Buffer.from(body))).toBe(true);
  return inbound.read(Buffer.from(body), new Date(), query);
}

/** The request by which the gateway sends a reply. */
async function requestOf(change: Partial<typeof reply> = {}): Promise<ApiRequest> {
  await send(change);
  const [{ line, headers, body } = expect.unreachable()] = provider.received.splice(0);
  const [method = '', pathname = ''] = line.split(' ');
  return { method, pathname, query: new URLSearchParams(), headers, body: JSON.stringify(body) };
}

const sentText = (asked: AskedText) => ({ ...asked, id: 'a0e3b5c1', at: new Date().toISOString() });

describe('a text of the dialect', () => {
  it('is verified and read by the gateway', () => {
    const at = new Date(Date.now() - 60_000);
    const post = dialect.postOfText({ number: '+12065550101', text: 'Yes 👍', guid: 'text-0001', at });
    expect(receive(post)).toMatchObject({
      messages: [
        {
          id: 'telnyx.text-0001',
          from: '+12065550101',
          to: '+12065550199',
          text: 'Yes 👍',
          receivedAt: at.toISOString(),
        },
      ],
      rejected: [],
    });
  });

  it('from a name is read, too', () => {
    const post = dialect.postOfText({ number: 'MPESA', text: '', guid: 'a', at: new Date() });
    expect(receive(post).messages[0]).toMatchObject({ from: 'MPESA', text: '' });
  });
});

describe('a reply of the gateway', () => {
  it('is read by the dialect', async () => {
    expect(dialect.readSend(await requestOf())).toEqual({
      to: reply.to,
      from: reply.from,
      text: reply.text,
      mark,
      receiptsUrl: `https://sms.example.org/api/webhook/telnyx?m=${mark}`,
    });
  });

  it('is accepted in words that the gateway reads', async () => {
    const { status, body } = dialect.accepted(sentText({ to: reply.to, text: reply.text }));
    provider.answer = answering(status, body);
    expect(await send()).toEqual({ gatewayMessageId: 'a0e3b5c1' });
  });

  it('is refused in words that the gateway reads', async () => {
    for (const [status, code] of Object.entries({ 400: '10015', 401: '10009', 403: '10010', 404: '10005' })) {
      provider.answer = answering(Number(status), dialect.failed(Number(status)));
      const { message } = await failure(send(), ReplyRejectedError);
      expect(message).toBe(`Telnyx answered ${status} (error ${code})`);
    }
  });

  it.each<[string, (request: ApiRequest) => ApiRequest, number, string | undefined]>([
    [
      'no key',
      ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, authorization: undefined } }),
      401,
      '10009',
    ],
    [
      'another key',
      ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, authorization: 'Bearer KEY' } }),
      401,
      '10009',
    ],
    [
      'a form',
      ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, 'content-type': 'text/plain' } }),
      415,
      '10014',
    ],
    ['no JSON', (request) => ({ ...request, body: '{' }), 400, '10015'],
    ['no text', (request) => ({ ...request, body: '{"to":"+12065550101","from":"x"}' }), 400, '10004'],
    ['a name to send to', (request) => ({ ...request, body: request.body.replace(reply.to, 'MPESA') }), 400, '10016'],
  ])('with %s is refused by the dialect as by Telnyx', async (_what, change, status, code) => {
    expect(dialect.readSend(change(await requestOf()))).toMatchObject({ status, body: { errors: [{ code }] } });
  });

  it('is no other request', async () => {
    const request = await requestOf();
    expect(dialect.readSend({ ...request, method: 'GET' })).toBeUndefined();
    expect(dialect.readSend({ ...request, pathname: '/v2/calls' })).toBeUndefined();
  });
});

it.each<[ReceiptState, string | undefined]>([
  ['accepted', undefined],
  ['sent', undefined],
  ['delivered', undefined],
  ['failed', '40008'],
])('a receipt of the dialect that says %s is verified and read by the gateway', async (state, code) => {
  const asked = dialect.readSend(await requestOf()) as AskedText;
  const posts = dialect.postsOfReceipt(sentText(asked), state);
  expect(posts.map(receive)).toEqual([
    { messages: [], rejected: [], receipts: [{ mark, gateway: 'telnyx', state, code }] },
  ]);
});
