import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApp } from '../../src/api/app.js';
import { createDraining } from '../../src/api/admin/draining.js';
import { listen } from '../../src/http/server.js';
import { connectRaw, fakeIntake, startTestApi, type TestApi, webhookPath, webhooksOf } from '../helpers/api.js';
import { eventually } from '../kit/eventually.js';
import { silentLog } from '../helpers/logs.js';
import { aPost } from '../helpers/messages.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const app = () =>
  createApp({
    intake: fakeIntake().intake,
    draining: createDraining(),
    webhooks: webhooksOf({ signingSecrets: [] }),
    log: silentLog,
  });
const post = (body: string) =>
  `POST ${webhookPath} HTTP/1.1\r\nHost: x\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

it('a connection kept alive is used again, and closed on the stop', async () => {
  const { socket, received, closed } = await connectRaw(api.port);
  for (const count of [1, 2]) {
    socket.write(post(JSON.stringify(aPost())));
    await eventually(() => received().split('"message_count":1').length === count + 1);
  }
  await api.close();
  await closed;
});

it('a request in progress at the stop gets its response, then its connection is closed', async () => {
  let finish = () => {};
  api.answerWith(() => new Promise((resolve) => (finish = resolve)));
  const { socket, received } = await connectRaw(api.port);
  socket.write(post(JSON.stringify(aPost())));
  await eventually(() => api.acceptedPosts.length === 1);

  let stopped = false;
  const stop = api.close().then(() => (stopped = true));
  await expect(fetch(`${api.url}/healthz`)).rejects.toThrow();
  expect(stopped).toBe(false);
  finish();
  // Well before the time after which everything is cut off.
  await eventually(() => socket.closed, { withinMs: 2_000 });
  await stop;
  expect(received()).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(received()).toContain('"message_count":1');
});

it('a client that sends nothing, or never ends its request, does not delay the stop', async () => {
  const silent = await connectRaw(api.port);
  const endless = await connectRaw(api.port);
  endless.socket.write(
    `POST ${webhookPath} HTTP/1.1\r\nHost: x\r\nContent-Length: 80\r\nExpect: 100-continue\r\n\r\n{`,
  );
  await eventually(() => endless.received().includes('100 Continue'));
  await api.close();
  await Promise.all([silent.closed, endless.closed]);
});

it('a port that is taken says which variable to change', async () => {
  await expect(listen(app(), { port: api.port, host: '127.0.0.1' })).rejects.toThrow(
    new RegExp(`^Port ${api.port} is taken .*PORT`),
  );
});

it('an address of another machine says which variable to change', async () => {
  await expect(listen(app(), { port: 0, host: '192.0.2.1' })).rejects.toThrow(
    /^Cannot listen on HOST=192\.0\.2\.1: .*EADDRNOTAVAIL/,
  );
});
