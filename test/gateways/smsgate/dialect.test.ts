import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/demo/simulated-gateway/dialect.js';
import { createSmsGateDialect } from '../../../src/demo/simulated-gateway/dialects/smsgate.js';
import { receiptStates } from '../../../src/domain/receipt.js';
import { ReplyNotSentError } from '../../../src/gateways/gateway.js';
import { smsGate } from '../../../src/gateways/smsgate/gateway.js';
import { senderOf } from '../../helpers/messages.js';
import { failure, reply, requests, respondWith, send, url, useServer } from './outbound-setup.js';

const settings = smsGate.simulatedSettings('http://127.0.0.1:8001');
const webhookUrl = `http://127.0.0.1:8000${smsGate.description.path}`;
const dialectOf = () => createSmsGateDialect({ settings, webhookUrl });
const inbound = smsGate.createInbound(settings, { senderOf, secret: 'installation-secret' });

/** Verifies and reads a post of the dialect. */
function receive({ url, headers, body }: ReturnType<ReturnType<typeof dialectOf>['postOfText']>) {
  expect(url).toBe(webhookUrl);
  const verification = inbound.verify({ headers, query: {}, target: smsGate.description.path });
  expect(typeof verification === 'function' && verification(Buffer.from(body))).toBe(true);
  return inbound.read(Buffer.from(body), new Date(), {});
}

describe('what the dialect posts', () => {
  const written = { number: '+12065550101', text: 'Süß 👍', guid: 'a0e3b5c1', at: new Date() };

  it('as a text is read, and posted again is the same message', () => {
    const [message] = receive(dialectOf().postOfText(written)).messages;
    expect(message).toMatchObject({
      from: written.number,
      text: written.text,
      line: 'simulated-device-0001/1',
      to: '+15550009999',
      receivedAt: written.at.toISOString(),
    });
    expect(receive(dialectOf().postOfText(written)).messages[0]?.id).toBe(message?.id);
  });

  it.each(receiptStates)('as a receipt of the state %s is read, once for each part', (state) => {
    const sent = { id: 'x', to: reply.to, text: 'x'.repeat(200), at: new Date().toISOString(), mark: reply.mark };
    const receipts = dialectOf()
      .postsOfReceipt(sent, state)
      .flatMap((post) => receive(post).receipts);
    expect(receipts).toHaveLength({ accepted: 0, sent: 1, delivered: 2, failed: 1 }[state]);
    for (const receipt of receipts) expect(receipt).toMatchObject({ state, mark: reply.mark, gateway: 'smsgate' });
  });
});

describe('what the gateway sends', () => {
  useServer();

  /** The request that `send` makes to the simulated gateway. */
  async function requestOf(changed: Partial<typeof reply> = {}): Promise<ApiRequest> {
    respondWith({ status: 429 });
    const outbound = smsGate.createOutbound({ ...settings, url: `${url}/3rdparty/v1` });
    await failure(outbound.send({ ...reply, ...changed }, AbortSignal.timeout(30_000)), ReplyNotSentError);
    const { target, headers, body } = requests.at(-1) as (typeof requests)[number];
    const [method = '', path = ''] = target.split(' ');
    const { pathname, searchParams: query } = new URL(path, 'http://localhost');
    return { method, pathname, query, headers, body: JSON.stringify(body) };
  }

  it('is read by the dialect, whose response is read by the gateway', async () => {
    const dialect = dialectOf();
    const request = await requestOf();
    const asked = dialect.readSend(request);
    expect(asked).toEqual({ to: reply.to, text: reply.text, from: reply.line, mark: reply.mark });

    const text = {
      id: 'x',
      to: reply.to,
      text: reply.text,
      at: new Date().toISOString(),
      from: reply.line,
      mark: reply.mark,
    };
    respondWith(dialect.accepted(text));
    expect(await send()).toEqual({ gatewayMessageId: reply.mark });
    expect(dialect.readSend(request)).toEqual({ status: 409, body: { message: expect.any(String) as unknown } });
    expect(dialect.readSend(await requestOf({ mark: 'smsgate.abc_DEF-2.2' }))).toMatchObject({ to: reply.to });
    expect(dialect.readSend(await requestOf({ line: 'dev000000000000000002' }))).toMatchObject({ to: reply.to });
  });

  it('with a wrong password, or in a wrong form, is refused', async () => {
    const dialect = dialectOf();
    const request = await requestOf();
    const body = JSON.parse(request.body) as object;
    const refusals = [
      { ...request, headers: {} },
      { ...request, headers: { authorization: 'Basic x' } },
      { ...request, body: '{' },
      ...[{ ttl: 4 }, { id: 'x'.repeat(37) }, { simNumber: 4 }, { deviceId: 'x'.repeat(22) }, { phoneNumbers: [] }].map(
        (changed) => ({ ...request, body: JSON.stringify({ ...body, ...changed }) }),
      ),
    ].map((one) => dialect.readSend(one));
    expect(refusals.map((refusal) => refusal && 'status' in refusal && refusal.status)).toEqual([
      ...[401, 401],
      ...[400, 400, 400, 400, 400, 400],
    ]);
  });

  it('to another path, or by GET, is no send', async () => {
    const request = await requestOf();
    expect(dialectOf().readSend({ ...request, method: 'GET' })).toBeUndefined();
    expect(dialectOf().readSend({ ...request, pathname: '/messages' })).toBeUndefined();
  });
});
