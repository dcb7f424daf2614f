import { afterEach, describe, expect, it } from 'vitest';
import { createTwilioDialect } from '../../../src/demo/simulated-gateway/dialects/twilio.js';
import type { ApiRequest, AskedText, WebhookPost } from '../../../src/demo/simulated-gateway/dialect.js';
import { receiptStates } from '../../../src/domain/receipt.js';
import type { Post } from '../../../src/domain/intake.js';
import { ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { prefixedMessageId } from '../../../src/gateways/message-id.js';
import { receiptsUrl } from '../../../src/gateways/twilio/receipts.js';
import { routePath } from '../../../src/gateways/twilio/route-path.js';
import { simulatedSettings } from '../../../src/gateways/twilio/settings.js';
import { answer, type ApiServer, failure, reply, send, startApi } from './outbound-setup.js';
import { acceptedAt, inboundOf } from './setup.js';

const settings = simulatedSettings('http://127.0.0.1:8787');
const dialect = createTwilioDialect({ settings, webhookUrl: `${settings.publicUrl}${routePath}` });
const inbound = inboundOf(settings);

/** Verifies and reads a post like the api. */
function received({ url, headers, body }: WebhookPost): Post {
  const { pathname, search, searchParams } = new URL(url);
  const query = Object.fromEntries(searchParams);
  const verification = inbound.verify({ headers, query, target: `${pathname}${search}` });
  if (typeof verification !== 'function') return expect.unreachable(verification);
  expect(verification(Buffer.from(`${body}x`))).toBe(false);
  expect(verification(Buffer.from(body))).toBe(true);
  return inbound.read(Buffer.from(body), acceptedAt, query);
}

const sent = { id: 'a'.repeat(40), to: reply.to, text: reply.text, at: '2026-11-24T13:40:02.000Z', from: reply.from };

describe('what the simulated gateway posts', () => {
  it('as a text is verified and read', () => {
    const text = { number: '+15550001111', text: 'Süß & 👍 +', guid: 'text-1', at: new Date() };
    const { messages, rejected } = received(dialect.postOfText(text));
    expect(rejected).toEqual([]);
    expect(messages).toMatchObject([{ from: text.number, to: '+15550009999', text: text.text }]);
    expect(received(dialect.postOfText(text)).messages[0]?.id).toBe(messages[0]?.id);
  });

  it('keeps an id in the form of Twilio, and writes to the WhatsApp number by WhatsApp', () => {
    const guid = `SM${'4'.repeat(32)}`;
    const text = { number: 'whatsapp:+15550001111', text: 'Yes', guid, at: new Date() };
    expect(received(dialect.postOfText(text)).messages).toMatchObject([
      { id: prefixedMessageId('twilio', guid), from: text.number, sender: '+15550001111', to: 'whatsapp:+15550009999' },
    ]);
  });

  it.each(receiptStates)('as a receipt of %s is verified and read', (state) => {
    const posts = dialect.postsOfReceipt({ ...sent, ...askedFor(reply.mark) }, state);
    expect(posts.map((post) => received(post).receipts)).toEqual([
      [{ mark: reply.mark, gateway: 'twilio', state, ...(state === 'failed' && { code: '30003' }) }],
    ]);
  });

  it('has no receipt when the request asked for none', () => {
    expect(dialect.postsOfReceipt(sent, 'delivered')).toEqual([]);
  });
});

const askedFor = (mark: string) => ({ receiptsUrl: receiptsUrl(settings.publicUrl, mark) });

describe('what the gateway sends', () => {
  let api: ApiServer | undefined;
  afterEach(() => api?.close());

  /** Starts the simulated API; `asked` gets what it read. */
  async function start(asked: AskedText[]): Promise<string> {
    api = await startApi((response, { line, headers, form }) => {
      const [method = '', pathname = ''] = line.split(' ');
      const body = new URLSearchParams(form).toString();
      const read = dialect.readSend({ method, pathname, query: new URLSearchParams(), headers, body });
      if (!read) return answer(response, 404, {});
      if ('status' in read) return answer(response, read.status, read.body);
      asked.push(read);
      const accepted = dialect.accepted(sent);
      answer(response, accepted.status, accepted.body);
    });
    return api.url;
  }

  it('is read and accepted', async () => {
    const asked: AskedText[] = [];
    const { gatewayMessageId } = await send({ ...settings, url: await start(asked) });
    expect(gatewayMessageId).toMatch(/^SM[0-9a-f]{32}$/);
    const { to, text, from, mark } = reply;
    expect(asked).toEqual([{ to, text, from, mark, ...askedFor(mark) }]);
  });

  it('with another token, or to another account, is refused', async () => {
    const asked: AskedText[] = [];
    const url = await start(asked);
    for (const wrong of [{ authTokens: ['f'.repeat(32)] as const }, { accountSid: `AC${'1'.repeat(32)}` }]) {
      const { message } = await failure(send({ ...settings, url, ...wrong }), ReplyRejectedError);
      expect(message).toBe('Twilio answered 401 (error 20003)');
    }
    expect(asked).toEqual([]);
  });

  it.each([
    ['a recipient', { to: '' }, 21604],
    ['a sender', { from: '' }, 21603],
    ['a text', { text: '' }, 21602],
  ])('without %s is refused as Twilio does', async (_, missing, code) => {
    const { message } = await failure(send({ ...settings, url: await start([]) }, missing), ReplyRejectedError);
    expect(message).toBe(`Twilio answered 400 (error ${code})`);
  });
});

describe('a request', () => {
  const request: ApiRequest = {
    method: 'POST',
    pathname: `/2010-04-01/Accounts/${settings.accountSid}/Messages.json`,
    query: new URLSearchParams(),
    headers: { authorization: `Basic ${btoa(`${settings.accountSid}:${settings.authTokens[0]}`)}` },
    body: 'To=%2B1&From=%2B2&Body=x',
  };

  it('without a callback is accepted, and has no mark', () => {
    expect(dialect.readSend(request)).toEqual({ to: '+1', from: '+2', text: 'x' });
  });

  it.each([
    ['ValidityPeriod=0', 21624],
    ['ValidityPeriod=36001', 21624],
    ['StatusCallback=nowhere', 21609],
  ])('with %s is refused', (parameter, code) => {
    expect(dialect.readSend({ ...request, body: `${request.body}&${parameter}` })).toMatchObject({
      status: 400,
      body: { code },
    });
  });

  it.each([{ method: 'GET' }, { pathname: '/sent' }])('that is %j is not for the route', (change) => {
    expect(dialect.readSend({ ...request, ...change })).toBeUndefined();
  });

  it('to another account is refused', () => {
    const pathname = `/2010-04-01/Accounts/AC${'1'.repeat(32)}/Messages.json`;
    expect(dialect.readSend({ ...request, pathname })).toMatchObject({ status: 401, body: { code: 20003 } });
  });

  it('that fails has the body of the provider', () => {
    expect(dialect.failed(429)).toMatchObject({ code: 20429, status: 429 });
    expect(dialect.failed(401)).toMatchObject({ code: 20003, status: 401 });
  });
});
