import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectRaw, startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';

const mib = 1_048_576;

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const head = (...headers: string[]) => [`POST ${webhookPath} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');

it('a Content-Length over 1 MiB is refused before the body arrives, and the client can read the response', async () => {
  const { socket, received } = await connectRaw(api.port);
  socket.write(head(`Content-Length: ${2 * mib}`));
  await eventually(() => received().includes('"status":413'));
  expect(received()).toMatch(/^HTTP\/1\.1 413 .*\r\nContent-Type: application\/problem\+json/s);
  socket.destroy();
});

it('a client that sends all of a body that is too large reads the response afterwards', async () => {
  const { socket, received } = await connectRaw(api.port);
  socket.write(head(`Content-Length: ${2 * mib}`));
  socket.pause();
  await new Promise((resolve) => socket.write(Buffer.alloc(2 * mib, ' '), resolve));
  socket.resume();
  await eventually(() => received().includes('"status":413'));
  socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`);
  await eventually(() => received().includes('HTTP/1.1 200'));
  socket.destroy();
});

it('a chunked body is refused as soon as it is over 1 MiB', async () => {
  const { socket, received } = await connectRaw(api.port);
  socket.write(head('Transfer-Encoding: chunked'));
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, ' '), Buffer.from('\r\n')]);
  for (let sent = 0; sent < 16; sent++) socket.write(chunk);
  await new Promise((resolve) => socket.write(chunk, resolve));
  await eventually(() => received().includes('"status":413'));
  expect(received()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

it('a client that never ends its body is cut off', async () => {
  const { socket, received, closed } = await connectRaw(api.port);
  socket.write(head(`Content-Length: ${1_000 * mib}`));
  const send = () => {
    if (!socket.destroyed) socket.write(Buffer.alloc(mib, ' '), () => setImmediate(send));
  };
  send();
  await closed;
  expect(socket.bytesWritten).toBeLessThan(100 * mib);
  expect(received()).toMatch(/^(HTTP\/1\.1 413 |$)/);
});

it.each([
  ['by the end of the connection', (socket: { end(): unknown }) => socket.end()],
  ['by a reset', (socket: { resetAndDestroy(): unknown }) => socket.resetAndDestroy()],
])('a body cut off %s hands nothing over and breaks nothing', async (_how, cut) => {
  const { socket, received, closed } = await connectRaw(api.port);
  const body = JSON.stringify(aPost());
  socket.write(head(`Content-Length: ${body.length + 1}`, 'Expect: 100-continue'));
  await eventually(() => received().includes('100 Continue'));
  socket.write(body);
  cut(socket);
  await closed;
  expect(received()).not.toContain('HTTP/1.1 200');
  expect((await api.post(aPost())).status).toBe(200);
  expect(api.acceptedPosts).toHaveLength(1);
  expect(api.events.filter(({ level }) => Number(level) >= 40)).toEqual([]);
});
