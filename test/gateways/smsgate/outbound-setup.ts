import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
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
import { createOutbound } from '../../../src/gateways/smsgate/outbound.js';
import { settings } from './posts.js';

export type ErrorClass = typeof ReplyRejectedError | typeof ReplyNotSentError | typeof ReplyMaybeSentError;

/** How the server responds to one request. */
export interface Step {
  status?: number;
  headers?: Record<string, string>;
  /** A string is sent unchanged, any other value as JSON. */
  body?: unknown;
  /** Ends the connection before or after the body was read. */
  reset?: 'before' | 'after';
  hang?: boolean;
}

export interface SeenRequest {
  target: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export const reply: OutboundReply = {
  to: '+12065550101',
  from: '+12065550199',
  line: 'dev000000000000000001/2',
  text: 'Süß & private 👍',
  validForMs: 3_600_999,
  isUrgent: false,
  mark: 'smsgate.abc_DEF-2.1',
};

const secrets = [reply.to, '12065550101', 'private', settings.password, 'from the provider'];

export let url: string;
export let requests: SeenRequest[];
let steps: Step[];
let server: Server;

/** Sets the responses to the next requests. */
export const respondWith = (...next: Step[]) => {
  steps = next;
};

/** Gives each test of a file a server of its own. */
export function useServer(): void {
  beforeEach(async () => {
    requests = [];
    steps = [];
    server = createServer((request, response) => {
      const { status = 200, headers, body, reset, hang } = steps.shift() ?? {};
      if (reset === 'before') return request.socket.resetAndDestroy();
      void text(request).then((received) => {
        const parsed = JSON.parse(received) as Record<string, unknown>;
        requests.push({ target: `${request.method} ${request.url}`, headers: request.headers, body: parsed });
        if (reset === 'after') return request.socket.resetAndDestroy();
        if (hang) return;
        response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => stopServer());
}

function stopServer(): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export function send(
  changed: Partial<OutboundReply> = {},
  { base = url, timeoutMs = 30_000, signal = new AbortController().signal } = {},
) {
  return createOutbound({ ...settings, url: base, timeoutMs }).send({ ...reply, ...changed }, signal);
}

/** Exactly this class, and nothing of the error, its cause and fields included, gives a secret away. */
export async function failure<Expected extends ErrorClass>(sending: Promise<unknown>, expected: Expected) {
  const error = await sending.then(
    (sent) => expect.unreachable(`sent: ${JSON.stringify(sent)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect({ name: (error as Error).name, message: (error as Error).message }).toMatchObject({ name: expected.name });
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  return error as InstanceType<Expected>;
}
