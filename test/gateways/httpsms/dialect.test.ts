import { expect, it } from 'vitest';
import { createHttpSmsDialect } from '../../../src/demo/simulated-gateway/dialects/httpsms.js';
import type { WebhookPost } from '../../../src/demo/simulated-gateway/dialect.js';
import { ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { httpSms } from '../../../src/gateways/httpsms/gateway.js';
import { prefixedMessageId } from '../../../src/gateways/message-id.js';
import { senderOf } from '../../helpers/messages.js';
import { contact, failure, owner, reply, send, settings, startApi } from './setup.js';

const webhookUrl = 'http://127.0.0.1:8000/api/webhook/httpsms';
const dialect = createHttpSmsDialect({ settings, webhookUrl });
const inbound = httpSms.createInbound(settings, { senderOf, secret: 'secret' });

function received({ url, headers, body }: WebhookPost) {
  expect(url).toBe(webhookUrl);
  expect(inbound.verify({ headers, query: {}, target: httpSms.description.path })).toBe('verified');
  return inbound.read(Buffer.from(body), new Date(), {});
}

/** What the simulated gateway accepted. */
const sent = {
  id: 'sent-1',
  to: contact,
  from: owner,
  text: reply.text,
  mark: reply.mark,
  at: new Date().toISOString(),
};

it('a text that the dialect posts is verified and read', () => {
  const at = new Date();
  expect(received(dialect.postOfText({ number: contact, text: 'Yes 😀', guid: 'g-1', at }))).toMatchObject({
    messages: [
      {
        id: prefixedMessageId('httpsms', 'g-1'),
        from: contact,
        to: owner,
        text: 'Yes 😀',
        receivedAt: at.toISOString(),
      },
    ],
    rejected: [],
  });
});

it('a text that another key signs is refused', () => {
  const other = createHttpSmsDialect({ settings: { ...settings, signingKeys: ['another-signing-key'] }, webhookUrl });
  const { headers } = other.postOfText({ number: contact, text: 'Yes', guid: 'g-1', at: new Date() });
  expect(inbound.verify({ headers, query: {}, target: '' })).toBe('refused');
});

it.each([
  ['accepted', []],
  ['sent', [{ mark: reply.mark, gateway: 'httpsms', state: 'sent', mayFollowUncertain: true }]],
  ['delivered', [{ mark: reply.mark, gateway: 'httpsms', state: 'delivered', mayFollowUncertain: true }]],
  ['failed', [{ mark: reply.mark, gateway: 'httpsms', state: 'failed', code: 'GENERIC_FAILURE' }]],
] as const)('the receipts of a text that is %s are verified and read', (state, receipts) => {
  expect(dialect.postsOfReceipt(sent, state).flatMap((post) => received(post).receipts ?? [])).toEqual(receipts);
  for (const post of dialect.postsOfReceipt({ ...sent, mark: undefined }, state)) {
    expect(received(post)).toMatchObject({ messages: [], rejected: [], receipts: [] });
  }
});

/** The dialect behind a real server, as the simulated gateway puts it there. */
const startDialect = (asks: unknown[] = []) =>
  startApi((response, { line, headers, body }) => {
    const [method = '', target = ''] = line.split(' ');
    const { pathname, searchParams: query } = new URL(target, 'http://localhost');
    const asked = dialect.readSend({ method, pathname, query, headers, body });
    asks.push(asked);
    const { status, body: answer } =
      asked === undefined
        ? { status: 404, body: dialect.failed(404) }
        : 'status' in asked
          ? asked
          : dialect.accepted({ ...asked, id: 'sent-1', at: new Date().toISOString() });
    response.writeHead(status).end(JSON.stringify(answer));
  });

it('a reply that the gateway sends is read by the dialect, and accepted', async () => {
  const asks: unknown[] = [];
  const api = await startDialect(asks);
  expect(await send(api.url)).toEqual({ gatewayMessageId: 'sent-1' });
  expect(asks).toEqual([{ from: owner, to: contact, text: reply.text, mark: reply.mark }]);
});

it('a reply that the dialect refuses is rejected', async () => {
  const api = await startDialect();
  expect((await failure(send(api.url, { text: '' }), ReplyRejectedError)).message).toContain('422 (content)');
  const stranger = httpSms.createOutbound({ ...settings, url: api.url, apiKey: 'uk_of-another' });
  const error = await failure(stranger.send(reply, new AbortController().signal), ReplyRejectedError);
  expect(error.message).toContain('401');
});

it('the dialect cannot look up, and reads nothing but a send', async () => {
  const api = await startDialect();
  const outbound = httpSms.createOutbound({ ...settings, url: api.url });
  expect(await outbound.lookUp?.(reply, new AbortController().signal)).toBe('unknown');
});
