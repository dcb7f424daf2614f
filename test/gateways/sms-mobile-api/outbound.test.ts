import http from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aReply } from '../../helpers/gateways.js';
import { createOutbound } from '../../../src/gateways/sms-mobile-api/outbound.js';
import { apiKey, gateway, json, listen, reply, send, type Step, useGateway } from './outbound-setup.js';

useGateway();

describe('a reply that goes out', () => {
  it('is sent once, to the number, with the text as it is', async () => {
    const { gatewayMessageId } = await send();
    expect(gateway.sent.count).toBe(1);
    expect(gateway.sent.texts[0]).toMatchObject({ id: gatewayMessageId, to: reply.to, text: reply.text });
    expect(gatewayMessageId).toMatch(/^[0-9a-f]{40}$/);
  });

  it('goes as a form, with nothing of it in the URL, on a connection of its own', async () => {
    const requests: { line: string; type: string | undefined; form: Record<string, string> }[] = [];
    const connections = new Set<unknown>();
    const server = http.createServer((request, response) => {
      connections.add(request.socket);
      void text(request).then((body) => {
        requests.push({
          line: `${request.method} ${request.url}`,
          type: request.headers['content-type'],
          form: Object.fromEntries(new URLSearchParams(body)),
        });
        response.end(json({ result: { error: 0, sent: '1' } }));
      });
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    for (const base of [url, `${url}/`, `${url}/prefix/v1`, `${url}/prefix/v1//`]) await send({ url: base });

    expect(requests.map(({ line }) => line)).toEqual([
      'POST /sendsms/',
      'POST /sendsms/',
      'POST /prefix/v1/sendsms/',
      'POST /prefix/v1/sendsms/',
    ]);
    expect(requests[0]).toMatchObject({
      type: 'application/x-www-form-urlencoded',
      form: { apikey: apiKey, recipients: reply.to, message: reply.text, sendsms: '1' },
    });
    expect(connections.size).toBe(4);
  });

  it.each<[string, Step, object]>([
    ['numbers and no id', { body: { result: { error: 0, sent: 1 } } }, {}],
    ['strings', { body: { result: { error: '0', sent: '1', id: 'abc' } } }, { gatewayMessageId: 'abc' }],
    ['an empty error', { body: { result: { error: '', sent: true, id: 'abc' } } }, { gatewayMessageId: 'abc' }],
    ['a null error', { body: { result: { error: null, sent: '1', id: 7 } } }, {}],
    ['no error, at the top level', { body: { sent: '1', id: 'abc' } }, { gatewayMessageId: 'abc' }],
    ['an id too long to keep', { body: { sent: '1', id: 'a'.repeat(201) } }, {}],
    ['a byte order mark', { body: `\uFEFF${json({ sent: '1', id: 'abc' })}` }, { gatewayMessageId: 'abc' }],
    ['202', { status: 202, body: { sent: '1' } }, {}],
  ])('may be answered with %s', async (_, step, sent) => {
    gateway.script([step]);
    expect(await send()).toEqual(sent);
    expect(gateway.sent.count).toBe(1);
  });
});

it('any text reaches the gateway byte for byte, at the configured address, for its number only', async () => {
  const requests: Array<{ url: string; body: URLSearchParams }> = [];
  const server = http.createServer((request, response) => {
    void text(request).then((body) => {
      requests.push({ url: request.url ?? '', body: new URLSearchParams(body) });
      response.end(json({ result: { error: 0, sent: '1' } }));
    });
  });
  const url = `http://127.0.0.1:${await listen(server)}/base`;
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }).map((one) => Buffer.from(one).toString()),
    fc.string({
      unit: fc.constantFrom(
        '&recipients=+1999',
        '\r\n',
        '\u0000',
        '\u001B[2J',
        '\u202E',
        '%26',
        '+',
        '=',
        '#',
        '?',
        '😀',
        'é',
      ),
      maxLength: 12,
    }),
  );
  const configured = createOutbound({ apiKey, url });
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (words, to) => {
      requests.length = 0;
      await configured.send(aReply({ to, text: words }), new AbortController().signal);
      expect(
        requests.map(({ url: target, body }) => [
          target,
          body.getAll('message'),
          body.getAll('recipients'),
          body.getAll('apikey'),
        ]),
      ).toEqual([['/base/sendsms/', [words], [to], [apiKey]]]);
    }),
    { numRuns: 200 },
  );
});
