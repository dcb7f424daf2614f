import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { inProcess } from '../in-process.js';

export interface Asked {
  /** Such as `POST /webhooks`. */
  asked: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Answer {
  status?: number;
  body?: unknown;
}

const servers: Server[] = [];

/** Ends the servers of each test of a file. */
export function useProviders(): void {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
}

/** Starts the API of a provider on a free port. Undefined: it never answers. */
export async function startProvider(
  answer: (asked: Asked) => Answer | undefined,
): Promise<{ url: string; asked: Asked[]; writes: () => string[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const one = { asked: `${request.method} ${request.url}`, headers: request.headers, body };
      asked.push(one);
      const answered = answer(one);
      if (answered) response.writeHead(answered.status ?? 200).end(JSON.stringify(answered.body ?? null));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const writes = () => asked.map((one) => one.asked).filter((one) => !one.startsWith('GET'));
  return { url: `http://127.0.0.1:${port}`, asked, writes };
}

export const publicUrl = 'https://sms.example.org';

/** Runs `answerback connect`. */
export const connect = (words: string, env: Record<string, string>) =>
  inProcess(['connect', ...words.split(' ')], { PUBLIC_URL: publicUrl, ...env });
