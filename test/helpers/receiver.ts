import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A secret of events, in the format of Standard Webhooks. */
export const eventsSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface ReceivedPost {
  method: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of events on loopback. */
export interface Receiver {
  url: string;
  received: ReceivedPost[];
  /** Responds to each post. Default: 204. */
  respond: (response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Starts a receiver of events; `port` 0 takes a free one. */
export async function startReceiver({ port = 0 } = {}): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, headers } = request;
      receiver.received.push({ method, headers, body: Buffer.concat(chunks).toString() });
      receiver.respond(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    received: [],
    respond: (response) => response.writeHead(204).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
