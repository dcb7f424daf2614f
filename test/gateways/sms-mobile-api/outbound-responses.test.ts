import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import {
  type ErrorClass,
  failure,
  gateway,
  json,
  listen,
  reply,
  send,
  type Step,
  useGateway,
} from './outbound-setup.js';

useGateway();

/** Answers the first bytes of every connection with these, and closes. */
async function answering(raw: string): Promise<string> {
  const server = createServer((socket) => socket.once('data', () => socket.end(raw)));
  return `http://127.0.0.1:${await listen(server)}`;
}

describe('a response', () => {
  const words = { message: 'Words from the provider', error: `Words from the provider on ${reply.to}` };

  it.each<[string, Step, ErrorClass, number]>([
    ['301', { status: 301, headers: { location: '/sendsms/?apikey=x&recipients=1&message=x' } }, ReplyRejectedError, 0],
    ['307', { status: 307, headers: { location: '/sendsms/' } }, ReplyRejectedError, 0],
    ['400', { status: 400, body: words }, ReplyRejectedError, 0],
    ['403', { status: 403, body: words }, ReplyRejectedError, 0],
    ['404', { status: 404, body: '<h1>from the provider</h1>' }, ReplyRejectedError, 0],
    ['408', { status: 408 }, ReplyMaybeSentError, 0],
    ['429', { status: 429, body: words }, ReplyNotSentError, 0],
    ['500', { status: 500, body: words }, ReplyMaybeSentError, 0],
    ['500 after accepting', { status: 500, accept: true }, ReplyMaybeSentError, 1],
    ['502', { status: 502, accept: true }, ReplyMaybeSentError, 1],
    ['503', { status: 503, accept: true }, ReplyMaybeSentError, 1],
    ['503 with a Retry-After', { status: 503, retryAfter: 1, accept: true }, ReplyMaybeSentError, 1],
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

  it.each<[string, Step]>([
    ['never comes', { hang: true }],
    ['comes too late', { delayMs: 60_000 }],
    ['drips for longer than the whole exchange may take', { drip: true }],
  ])('that %s', async (_, step) => {
    gateway.script([step]);
    const error = await failure(send({ timeoutMs: 250 }), ReplyMaybeSentError);
    expect(error.message).toContain('timed out after 250 ms');
    expect(gateway.sent.count).toBe(1);
  });

  it.each([
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
  it('429 passes Retry-After on', async () => {
    const status = 429;
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

  it.each<[Step, string]>([
    [{ status: 403, body: { error: 'invalid_key', message: 'from the provider' } }, '403 (error invalid_key)'],
    [{ status: 400, body: { result: { error: 1234 } } }, '400 (error 1234)'],
    [{ body: { result: { error: '17', sent: 'api_error' } } }, '200 (error 17) and refused the reply'],
    [{ status: 400, body: { error: 15550001111 } }, '400'],
    [{ status: 400, body: { error: ['from'] } }, '400'],
    [{ status: 400, body: { error: 'a'.repeat(41) } }, '400'],
  ])('is named by its status, and by its code when it has one: %j', async (step, named) => {
    gateway.script([step]);
    expect((await failure(send(), ReplyRejectedError)).message).toBe(`SMSMobileAPI answered ${named}`);
  });
});
