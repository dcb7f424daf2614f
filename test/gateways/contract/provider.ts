import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ResponseCase } from '../contract.js';

export type Answer = ResponseCase | 'hang' | 'reset before the body' | 'reset after the body' | 'reset in the response';

/** A request that the provider received. */
interface Received {
  line: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Provider {
  url: string;
  /** The requests that were read to their end. */
  received: Received[];
  close(): Promise<void>;
}

/** Starts an API on a free port that gives every request the same answer. */
export async function startProvider(answer: Answer): Promise<Provider> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    if (answer === 'reset before the body') return void request.socket.resetAndDestroy();
    void text(request).then((body) => {
      received.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      respond(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond(response: http.ServerResponse, answer: Exclude<Answer, 'reset before the body'>): void {
  if (answer === 'hang') return;
  if (answer === 'reset after the body') return void response.socket?.resetAndDestroy();
  if (answer === 'reset in the response') {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"', () => response.socket?.resetAndDestroy());
    return;
  }
  const { status, headers = {}, body = '' } = answer;
  response.writeHead(status, { ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
}
