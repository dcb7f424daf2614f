import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BodyPool, createBodyPool, readBody } from '../../src/http/body.js';
import type { ProblemError } from '../../src/http/problem.js';
import { connectRaw } from '../helpers/api.js';
import { eventually } from '../kit/eventually.js';

const kib = 1_024;
let pool: BodyPool;
let responses: Array<{ name: string; outcome: string }>;
const server = createServer((request: IncomingMessage, response) => {
  const name = request.url ?? '';
  readBody(request, { pool })
    .then(
      ({ length }) => responses.push({ name, outcome: `${length} bytes` }),
      (error: ProblemError) => responses.push({ name, outcome: error.problem }),
    )
    .finally(() => response.end());
});

beforeEach(async () => {
  pool = createBodyPool(100 * kib);
  responses = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function begin(name: string, sent: number, total: number) {
  const { port } = server.address() as AddressInfo;
  const connection = await connectRaw(port);
  connection.socket.write(
    `POST ${name} HTTP/1.1\r\nHost: x\r\nContent-Length: ${total}\r\nExpect: 100-continue\r\n\r\n`,
  );
  await eventually(() => connection.received().includes('100 Continue'));
  await new Promise((resolve) => connection.socket.write(Buffer.alloc(sent, ' '), resolve));
  return { finish: () => connection.socket.write(Buffer.alloc(total - sent, ' ')) };
}

it('when bodies take too much memory together, the oldest is refused, and the new one is read', async () => {
  await begin('/slow-1', 60 * kib, 61 * kib);
  await begin('/slow-2', 30 * kib, 31 * kib);
  const quick = await begin('/quick', 50 * kib, 51 * kib);
  await eventually(() => responses.length === 1);
  expect(responses).toEqual([{ name: '/slow-1', outcome: 'not-accepted' }]);
  quick.finish();
  await eventually(() => responses.length === 2);
  expect(responses[1]).toEqual({ name: '/quick', outcome: `${51 * kib} bytes` });
});

it('a body that is read or aborted frees its memory', async () => {
  for (let round = 0; round < 5; round++) {
    (await begin(`/round-${round}`, 90 * kib, 91 * kib)).finish();
    await eventually(() => responses.some(({ name }) => name === `/round-${round}`));
  }
  const outcomes = responses.filter(({ name }) => name.startsWith('/round')).map(({ outcome }) => outcome);
  expect(new Set(outcomes)).toEqual(new Set([`${91 * kib} bytes`]));
});
