import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import type {
  OutboundReply,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
} from '../../../src/gateways/gateway.js';
import { createOutbound } from '../../../src/gateways/twilio/outbound.js';
import type { TwilioSettings } from '../../../src/gateways/twilio/settings.js';
import { authToken, settings } from './setup.js';

export type ErrorClass = typeof ReplyRejectedError | typeof ReplyNotSentError | typeof ReplyMaybeSentError;

export const reply: OutboundReply = {
  to: '+12065550101',
  from: '+12065550199',
  text: 'Süß & private?=%',
  validForMs: 3_600_900,
  isUrgent: false,
  mark: 'twilio.a1-2.1',
};

const secrets = ['2065550101', '2065550199', 'private', authToken, 'in words'];

export interface ReceivedRequest {
  line: string;
  headers: IncomingMessage['headers'];
  form: Record<string, string>;
}

export interface ApiServer {
  url: string;
  requests: ReceivedRequest[];
  close(): Promise<void>;
}

/** Starts a server that records each request and then answers as it is told. */
export async function startApi(
  answer: (response: ServerResponse, request: ReceivedRequest) => void,
): Promise<ApiServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      const received = { line: `${method} ${url}`, headers, form: Object.fromEntries(new URLSearchParams(body)) };
      requests.push(received);
      answer(response, received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a status and JSON, or with a string as it is. */
export const answer = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

export const created = { sid: `SM${'3'.repeat(32)}`, status: 'queued', error_code: null };

export function send(
  overrides: Partial<TwilioSettings>,
  { signal = new AbortController().signal, ...changes }: Partial<OutboundReply> & { signal?: AbortSignal } = {},
) {
  return createOutbound({ ...settings, timeoutMs: 5_000, ...overrides }).send({ ...reply, ...changes }, signal);
}

/** Exactly this class, and nothing of the error, its cause and fields included, gives a secret away. */
export async function failure<Expected extends ErrorClass>(
  sending: Promise<unknown>,
  expected: Expected,
): Promise<InstanceType<Expected>> {
  const error = await sending.then(
    (sent) => expect.unreachable(`sent: ${JSON.stringify(sent)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(expected);
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  return error as InstanceType<Expected>;
}
