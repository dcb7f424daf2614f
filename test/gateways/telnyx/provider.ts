import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect } from 'vitest';
import type {
  OutboundReply,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
} from '../../../src/gateways/gateway.js';
import { createOutbound } from '../../../src/gateways/telnyx/outbound.js';
import { simulatedSettings } from '../../../src/gateways/telnyx/settings.js';

export type ErrorClass = typeof ReplyRejectedError | typeof ReplyNotSentError | typeof ReplyMaybeSentError;

export const mark = 'telnyx.RzW0oHgvC2dJ7cYxWq1pXsA.1';
export const reply: OutboundReply = {
  to: '+12065550101',
  from: '+12065550199',
  text: 'Süß & private?',
  validForMs: 3_600_000,
  isUrgent: false,
  mark,
};
export const settings = simulatedSettings('http://127.0.0.1:9', 'https://sms.example.org');
const secrets = ['2065550101', '2065550199', 'private', settings.apiKey];

/** A request that arrived, with its body read as JSON. */
export interface Received {
  line: string;
  headers: http.IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** The API of the provider: answers each request with `answer`, which a test sets. */
export let provider: { url: string; received: Received[]; answer: http.RequestListener; close(): Promise<void> };

/** Answers with a status and a body: a string as it is, another value as JSON. */
export const answering =
  (status: number, body: unknown = '', headers: Record<string, string> = {}): http.RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

/** Gives each test of a file a provider of its own, on a free port. */
export function useProvider(): void {
  beforeEach(async () => {
    const server = http.createServer((request, response) => {
      void text(request).then((body) => {
        const line = `${request.method} ${request.url}`;
        provider.received.push({ line, headers: request.headers, body: JSON.parse(body) as Received['body'] });
        provider.answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    provider = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      received: [],
      answer: answering(200, { data: { id: '88888888-8888-4888-8888-888888888888' } }),
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  });
  afterEach(() => provider.close());
}

export function send(change: Partial<OutboundReply> = {}, { url = provider.url, timeoutMs = 5_000 } = {}) {
  return createOutbound({ ...settings, url, timeoutMs }).send({ ...reply, ...change }, new AbortController().signal);
}

/** Returns the error of a send: exactly this class, and nothing of the error gives a number, text or key away. */
export async function failure<Class extends ErrorClass>(
  sending: Promise<unknown>,
  expected: Class,
): Promise<InstanceType<Class>> {
  const error: unknown = await sending.then(
    () => expect.unreachable('it was sent'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(expected);
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  return error as InstanceType<Class>;
}
