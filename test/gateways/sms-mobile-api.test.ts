import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../src/gateways/gateway.js';
import { createSmsMobileApi } from '../../src/gateways/sms-mobile-api.js';
import type { ScriptInput } from '../../src/simulated-gateway/script.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import { cert, key, trustLocalCertificate } from './local-tls.js';

type Step = ScriptInput[number];
type ErrorClass = typeof ReplyRejectedError | typeof ReplyNotSentError | typeof ReplyMaybeSentError;

const reply = { to: '+15550001111', text: 'Süß & private?=%', idempotencyKey: 'guid-1:reply' };
const apiKey = 'key-7f3a9';
const secrets = [reply.to, '15550001111', reply.text, 'private', apiKey, 'from the provider'];
const json = (body: unknown) => JSON.stringify(body);

let gateway: SimulatedGateway;
let opened: Server[] = [];

beforeEach(async () => {
  gateway = await startSimulatedGateway({ port: 0 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await gateway.close();
  for (const server of opened) server.close();
  opened = [];
});

function send({ url = gateway.url, timeoutMs = 5000, signal = new AbortController().signal } = {}) {
  return createSmsMobileApi({ apiKey, url, timeoutMs }).send(reply, signal);
}

/** Exactly this class, and nothing of the error, its cause and fields included, gives a secret away. */
async function failure(sending: Promise<unknown>, expected: ErrorClass): Promise<Error> {
  const error = await sending.then(
    (sent) => expect.unreachable(`sent: ${json(sent)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect({ name: (error as Error).name, message: (error as Error).message }).toMatchObject({ name: expected.name });
  expect(error).toBeInstanceOf(expected);
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  return error as Error;
}

/** A listener for what an HTTP server would never do. */
async function listen(server: Server): Promise<number> {
  opened.push(server);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  const close = server.close.bind(server);
  server.close = () => {
    for (const socket of sockets) socket.destroy();
    return close();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Answers the first bytes of every connection with these, and closes. */
async function answering(raw: string): Promise<string> {
  const server = createServer((socket) => socket.once('data', () => socket.end(raw)));
  return `http://127.0.0.1:${await listen(server)}`;
}

describe('a reply that goes out', () => {
  test('is sent once, to the number, with the text as it is', async () => {
    const { gatewayMessageId } = await send();
    expect(gateway.sent.count).toBe(1);
    expect(gateway.sent.texts[0]).toMatchObject({ id: gatewayMessageId, to: reply.to, text: reply.text });
    expect(gatewayMessageId).toMatch(/^[0-9a-f]{40}$/);
  });

  test('goes as a form, with nothing of it in the URL, on a connection of its own', async () => {
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

  test.each<[string, Step, object]>([
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

describe('an answer', () => {
  const words = { message: 'Words from the provider', error: `Words from the provider on ${reply.to}` };

  test.each<[string, Step, ErrorClass, number]>([
    ['301', { status: 301, headers: { location: '/sendsms/?apikey=x&recipients=1&message=x' } }, ReplyRejectedError, 0],
    ['307', { status: 307, headers: { location: '/sendsms/' } }, ReplyRejectedError, 0],
    ['400', { status: 400, body: words }, ReplyRejectedError, 0],
    ['403', { status: 403, body: words }, ReplyRejectedError, 0],
    ['404', { status: 404, body: '<h1>from the provider</h1>' }, ReplyRejectedError, 0],
    ['408', { status: 408 }, ReplyRejectedError, 0],
    ['429', { status: 429, body: words }, ReplyNotSentError, 0],
    ['503', { status: 503, body: words }, ReplyNotSentError, 0],
    ['500', { status: 500, body: words }, ReplyMaybeSentError, 0],
    ['500 after accepting', { status: 500, accept: true }, ReplyMaybeSentError, 1],
    ['502', { status: 502, accept: true }, ReplyMaybeSentError, 1],
    ['504', { status: 504, accept: true }, ReplyMaybeSentError, 1],

    ['200, error in words', { accept: false, body: { result: words } }, ReplyRejectedError, 0],
    ['200, error code', { accept: false, body: { error: 12 } }, ReplyRejectedError, 0],
    ['200, error true', { accept: false, body: { error: true } }, ReplyRejectedError, 0],
    ['200, error object', { accept: false, body: { error: words } }, ReplyRejectedError, 0],
    ['200, api_error', { accept: false, body: { result: { error: 'x', sent: 'api_error' } } }, ReplyRejectedError, 0],
    ['200, sent 0', { accept: false, body: { result: { error: 0, sent: 0 } } }, ReplyRejectedError, 0],
    ['200, sent "0"', { accept: false, body: { result: { error: '0', sent: '0' } } }, ReplyRejectedError, 0],
    ['200, sent false', { accept: false, body: { sent: false } }, ReplyRejectedError, 0],

    ['200, HTML', { body: '<html>from the provider</html>' }, ReplyMaybeSentError, 1],
    ['200, empty', { body: '' }, ReplyMaybeSentError, 1],
    ['204', { status: 204 }, ReplyMaybeSentError, 1],
    ['200, null', { body: 'null' }, ReplyMaybeSentError, 1],
    ['200, a list', { body: [] }, ReplyMaybeSentError, 1],
    ['200, no such fields', { body: { ok: true } }, ReplyMaybeSentError, 1],
    ['200, error 0 alone', { body: { result: { error: 0 } } }, ReplyMaybeSentError, 1],
    ['200, unknown sent', { body: { result: { error: 0, sent: 'queued' } } }, ReplyMaybeSentError, 1],
    ['200, error "0" and unknown sent', { body: { error: '0', sent: '' } }, ReplyMaybeSentError, 1],
    ['200, over 1 MiB', { body: json({ sent: '1', pad: 'x'.repeat(1024 * 1024) }) }, ReplyMaybeSentError, 1],
    ['200, truncated', { truncate: true }, ReplyMaybeSentError, 1],
    ['reset before accepting', { reset: 'before' }, ReplyMaybeSentError, 0],
    ['reset after accepting', { reset: 'after' }, ReplyMaybeSentError, 1],
  ])('%s', async (_, step, expected, accepted) => {
    gateway.script([step]);
    await failure(send(), expected);
    expect(gateway.sent.count).toBe(accepted);
  });

  test.each<[string, Step]>([
    ['never comes', { hang: true }],
    ['comes too late', { delayMs: 60_000 }],
    ['drips for longer than the whole exchange may take', { drip: true }],
  ])('that %s', async (_, step) => {
    gateway.script([step]);
    const error = await failure(send({ timeoutMs: 250 }), ReplyMaybeSentError);
    expect(error.message).toContain('timed out after 250 ms');
    expect(gateway.sent.count).toBe(1);
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\ncontent-'],
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['half a JSON up to the end of the connection', 'HTTP/1.1 200 OK\r\n\r\n{"result":{"error":0,"sent":"1"'],
    ['a chunk without a last one', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0c\r\n{"sent":"1"}\r\n'],
    ['no rejection before its last byte', 'HTTP/1.1 403 Forbidden\r\ncontent-length: 9\r\n\r\nhalf'],
  ])('that is %s', async (_, raw) => {
    const error = await failure(send({ url: await answering(raw) }), ReplyMaybeSentError);
    expect(error.message).not.toContain('timed out');
  });

  const httpDate = (ms: number) => new Date(Date.now() + ms).toUTCString();
  test.each([429, 503])('%i hands Retry-After on', async (status) => {
    gateway.script([
      { status, retryAfter: 120 },
      { status, retryAfter: httpDate(60_000) },
      { status, retryAfter: httpDate(-60_000) },
      { status, retryAfter: 'soon' },
      { status },
    ]);
    const waits: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      waits.push(((await failure(send(), ReplyNotSentError)) as ReplyNotSentError).retryAfterMs);
    }
    expect(waits).toEqual([120_000, expect.any(Number), 0, undefined, undefined]);
    expect(waits[1]).toBeGreaterThan(50_000);
    expect(waits[1]).toBeLessThanOrEqual(60_000);
    expect(gateway.sent.count).toBe(0);
  });

  test.each<[Step, string]>([
    [{ status: 403, body: { error: 'invalid_key', message: 'from the provider' } }, '403 (error invalid_key)'],
    [{ status: 400, body: { result: { error: 1234 } } }, '400 (error 1234)'],
    [{ body: { result: { error: '17', sent: 'api_error' } } }, '200 (error 17) and refused the reply'],
    [{ status: 400, body: { error: 15550001111 } }, '400'],
    [{ status: 400, body: { error: ['from'] } }, '400'],
    [{ status: 400, body: { error: 'a'.repeat(41) } }, '400'],
  ])('is told by its status and its code, when that is one: %j', async (step, told) => {
    gateway.script([step]);
    expect((await failure(send(), ReplyRejectedError)).message).toBe(`SMSMobileAPI answered ${told}`);
  });
});

describe('a connection', () => {
  test('that is refused sends nothing', async () => {
    const { url } = gateway;
    await gateway.close();
    const error = await failure(send({ url }), ReplyNotSentError);
    expect(error.message).toContain('ECONNREFUSED');
  });

  test.each(['http', 'https'])('to a host without an address sends nothing (%s)', async (scheme) => {
    await failure(send({ url: `${scheme}://nowhere.invalid` }), ReplyNotSentError);
  });

  test('over TLS to a port that speaks plain HTTP sends nothing', async () => {
    await failure(send({ url: gateway.url.replace('http:', 'https:') }), ReplyNotSentError);
    expect(gateway.sent.count).toBe(0);
  });

  test.each(['times out', 'is aborted', 'is reset'])('that %s during the TLS handshake sends nothing', async (how) => {
    const abort = new AbortController();
    const server = createServer((socket) =>
      socket.once('data', () => {
        if (how === 'is aborted') abort.abort();
        if (how === 'is reset') socket.resetAndDestroy();
      }),
    );
    const url = `https://127.0.0.1:${await listen(server)}`;
    const timeoutMs = how === 'times out' ? 100 : 5000;
    await failure(send({ url, timeoutMs, signal: abort.signal }), ReplyNotSentError);
  });
});

describe('over TLS', () => {
  let requests = 0;
  beforeEach(() => {
    requests = 0;
  });

  async function tlsServer(handle: http.RequestListener, options: https.ServerOptions = {}): Promise<string> {
    const server = https.createServer({ key, cert, ...options }, (request, response) => {
      requests += 1;
      handle(request, response);
    });
    return `https://127.0.0.1:${await listen(server)}`;
  }

  test('a reply goes out to a gateway with a trusted certificate', async () => {
    trustLocalCertificate();
    const url = await tlsServer((_, response) => response.end(json({ sent: '1', id: 'abc' })));
    expect(await send({ url })).toEqual({ gatewayMessageId: 'abc' });
    expect(requests).toBe(1);
  });

  test('a certificate nobody vouches for gets nothing, even where the environment switches verifying off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const url = await tlsServer((_, response) => response.end(json({ sent: '1' })));
    const error = await failure(send({ url }), ReplyNotSentError);
    vi.unstubAllEnvs();
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(requests).toBe(0);
  });

  test('a certificate for another host gets nothing', async () => {
    trustLocalCertificate();
    const url = await tlsServer((_, response) => response.end(json({ sent: '1' })));
    const error = await failure(send({ url: url.replace('127.0.0.1', 'localhost') }), ReplyNotSentError);
    expect(error.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(requests).toBe(0);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a reset after the handshake leaves it open (%s)', async (version) => {
    trustLocalCertificate();
    const url = await tlsServer(({ socket }) => socket.destroy(), { minVersion: version, maxVersion: version });
    await failure(send({ url }), ReplyMaybeSentError);
    expect(requests).toBe(1);
  });
});

describe('an abort', () => {
  test('before sending sends nothing and opens no connection', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1));
    const url = `http://127.0.0.1:${await listen(server)}`;
    await failure(send({ url, signal: AbortSignal.abort() }), ReplyNotSentError);
    await failure(send({ url, signal: AbortSignal.abort(`to ${reply.to}`) }), ReplyNotSentError);
    expect(connections).toBe(0);
  });

  test('before the connection stands sends nothing', async () => {
    const abort = new AbortController();
    const sending = send({ signal: abort.signal });
    abort.abort(new Error(`to ${reply.to}`));
    await failure(sending, ReplyNotSentError);
    expect(gateway.sent.count).toBe(0);
  });

  test('after the request went out leaves it open', async () => {
    gateway.script([{ hang: true }]);
    const abort = new AbortController();
    const failing = failure(send({ signal: abort.signal }), ReplyMaybeSentError);
    await vi.waitUntil(() => gateway.sent.count === 1);
    abort.abort(new Error(`to ${reply.to}`));
    await failing;
    expect(gateway.sent.count).toBe(1);
  });

  test('after the answer changes nothing, and nothing of the send stays behind', async () => {
    const abort = new AbortController();
    const removed = vi.spyOn(abort.signal, 'removeEventListener');
    await send({ signal: abort.signal });
    abort.abort();
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
    expect(gateway.sent.count).toBe(1);
  });
});

test('a URL that is not http is refused when the adapter is made', () => {
  expect(() => createSmsMobileApi({ apiKey, url: 'ftp://example.com' })).toThrow(TypeError);
});

test('any text reaches the gateway byte for byte, at the configured address, and its number alone', async () => {
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
    fc.string({ unit: fc.constantFrom('&recipients=+1999', '\r\n', '\u0000', '\u001B[2J', '\u202E', '%26', '+', '=', '#', '?', '😀', 'é'), maxLength: 12 }),
  );
  const configured = createSmsMobileApi({ apiKey, url });
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (words, to) => {
      requests.length = 0;
      await configured.send({ to, text: words, idempotencyKey: 'x' }, new AbortController().signal);
      expect(requests.map(({ url: target, body }) => [target, body.getAll('message'), body.getAll('recipients'), body.getAll('apikey')])).toEqual([
        ['/base/sendsms/', [words], [to], [apiKey]],
      ]);
    }),
    { numRuns: 200 },
  );
});
