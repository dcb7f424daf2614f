import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { afterEach, expect } from 'vitest';
import type { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { createOutbound } from '../../../src/gateways/httpsms/outbound.js';
import { type HttpSmsSettings, simulatedSettings } from '../../../src/gateways/httpsms/settings.js';
import { signingKey } from './tokens.js';

export const owner = '+12065550199';
export const contact = '+12065550101';

export const settings: HttpSmsSettings = {
  ...simulatedSettings('http://127.0.0.1:1', 'https://sms.example.org'),
  hasSecret: true,
  apiKey: 'uk_key-7f3a9',
  signingKeys: [signingKey],
};

export const reply = {
  to: contact,
  from: owner,
  text: 'Süß & private?=%',
  validForMs: 60_000,
  isUrgent: false,
  mark: 'httpsms.VQ2Tc9UzuM1lPZOyYE3xd7.1',
};
const secrets = [contact, owner, reply.text, 'private', settings.apiKey, 'from the provider'];
export type ErrorClass = typeof ReplyRejectedError | typeof ReplyNotSentError | typeof ReplyMaybeSentError;

/** A received text as httpSMS posts it. */
export const anEvent = (data: Record<string, unknown> = {}, event: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id: '44444444-4444-4444-8444-444444444444',
  source: '/v1/messages/receive',
  type: 'message.phone.received',
  datacontenttype: 'application/json',
  time: '2026-11-24T13:40:01.000Z',
  data: {
    message_id: '55555555-5555-4555-8555-555555555555',
    user_id: 'usr0000000000000000000000001',
    owner,
    encrypted: false,
    contact,
    timestamp: '2026-11-24T13:40:00.000Z',
    content: 'Yes, I agree',
    sim: 'SIM1',
    attachments: null,
    ...data,
  },
  ...event,
});

/** A message as the API returns it. */
export const aRow = (row: Record<string, unknown> = {}) => ({
  id: '66666666-6666-4666-8666-666666666666',
  request_id: reply.mark,
  owner,
  contact,
  content: reply.text,
  type: 'mobile-terminated',
  status: 'pending',
  sim: 'SIM1',
  send_attempt_count: 0,
  max_send_attempts: 2,
  created_at: '2026-11-24T13:40:02.000Z',
  ...row,
});
export const accepted = { status: 'success', message: 'message added to queue', data: aRow() };

export interface ApiRequest {
  line: string;
  headers: http.IncomingHttpHeaders;
  body: string;
  connection: unknown;
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Starts an API on a free port, which ends with the test, and records its requests. */
export async function startApi(respond: (response: http.ServerResponse, request: ApiRequest) => void) {
  const requests: ApiRequest[] = [];
  const server = http.createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers, socket } = request;
      const read = { line: `${method} ${url}`, headers, body, connection: socket };
      requests.push(read);
      respond(response, read);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, server };
}

/** Responds to every request with this. A string is sent unchanged, any other body as JSON. */
export const answering =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}) =>
  (response: http.ServerResponse) =>
    void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

export const send = (
  url: string,
  { timeoutMs = 5_000, ...overrides }: Partial<typeof reply> & { timeoutMs?: number } = {},
) => createOutbound({ ...settings, url, timeoutMs }).send({ ...reply, ...overrides }, new AbortController().signal);

/** Exactly this class, and nothing of the error gives a secret away. */
export async function failure(sending: Promise<unknown>, expected: ErrorClass): Promise<Error> {
  const error = await sending.then(
    (sent) => expect.unreachable(`sent: ${JSON.stringify(sent)}`),
    (thrown: unknown) => thrown as Error,
  );
  expect({ name: error.name, message: error.message }).toMatchObject({ name: expected.name });
  expect(error).toBeInstanceOf(expected);
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  return error;
}
