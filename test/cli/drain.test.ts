import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';
import { packed } from '../helpers/answerback-command.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltApi } from '../kit/product.js';

let folder: Awaited<ReturnType<typeof dataFolder>>;
let env: Parameters<typeof startBuiltApi>[0];
let api: Product | undefined;
beforeEach(async () => {
  folder = await dataFolder();
  // Without Temporal: what is accepted waits.
  env = { ...(await freePorts()), DATA_DIR: folder.path, TEMPORAL_ADDRESS: '127.0.0.1:1' };
});
afterEach(async () => {
  await api?.stop();
  await folder.remove();
});

const start = async (settings = {}) => (api = await startBuiltApi({ ...env, ...settings }));
const drain = (...args: string[]) => packed.answerback(['drain', ...args], env);
const readyz = () => fetch(`http://127.0.0.1:${env.PORT}/readyz`);
const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;

it('an empty inbox is drained after a quiet time; the api keeps draining until that is undone', async () => {
  const { webhook } = await start();
  await postJson(webhook, { guid: 'no text' });
  const { stdout, stderr, exitCode } = await drain('--quiet', '2s', '--json');
  expect({ stderr, exitCode }).toEqual({
    stderr:
      'DATA_DIR still holds 1 quarantine entry(ies): see them with "answerback quarantine list" before you delete it\n',
    exitCode: 0,
  });
  await expect(stdout).toMatchFileSnapshot('golden/drain.json');
  expect((await readyz()).status).toBe(503);
  expect(await drain('--undo')).toEqual({
    stdout: 'Draining has ended: the api is ready for posts again\n',
    stderr: '',
    exitCode: 0,
  });
  expect((await readyz()).status).toBe(200);
});

it('what waits for Temporal is named at the deadline, and posts are still accepted', async () => {
  const { webhook } = await start();
  await postJson(webhook, aPost());
  const { stdout, stderr, exitCode } = await drain('--within', '1s', '--json');
  expect({ document: JSON.parse(stdout), exitCode }).toEqual({
    document: { draining: true, depth: 1, stuck: 0, quarantined: 0, temporalAway: true },
    exitCode: 1,
  });
  expect(stderr).toBe(
    "1 message(s) still wait in the inbox, because the api can't reach Temporal: keep DATA_DIR, and run this again when Temporal is back\n",
  );
  expect((await postJson(webhook, aPost())).status).toBe(200);
  // A start begins again.
  await api?.stop();
  await start();
  expect((await readyz()).status).toBe(200);
});

it('an api that still gets posts is not drained', async () => {
  const { webhook } = await start();
  const sender = setInterval(() => void postJson(webhook, { guid: 'no text' }), 200);
  try {
    expect(await drain('--quiet', '2s', '--within', '4s')).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /^The inbox is empty, but the last post came [01] s ago, not 2 s: take the api out of the load balancer, then run this again\n$/,
      ) as unknown,
      exitCode: 1,
    });
  } finally {
    clearInterval(sender);
  }
});

it('requests without the secret neither keep an api from being drained nor fill its quarantine', async () => {
  const { webhook } = await start();
  const stranger = webhook.slice(0, webhook.lastIndexOf('/'));
  const sender = setInterval(() => void postJson(stranger, { guid: 'no text' }), 200);
  try {
    expect((await postJson(stranger, aPost())).status).toBe(401);
    expect(await drain('--quiet', '2s', '--within', '10s')).toMatchObject({ exitCode: 0 });
    expect(await packed.answerback(['quarantine', 'list', '--json'], env)).toMatchObject({
      stdout: expect.stringContaining('"quarantine": []') as string,
      exitCode: 0,
    });
  } finally {
    clearInterval(sender);
  }
});

it('stuck texts are named at once, since waiting does not help', async () => {
  const [newer, older] = [key('new', 2), key('old', 1)];
  const first = await start({ PAYLOAD_KEYS: older });
  await postJson(first.webhook, aPost());
  await first.stop();
  // A change of keys, after which the old one is dropped too early.
  await (await start({ PAYLOAD_KEYS: `${newer},${older}` })).stop();
  await start({ PAYLOAD_KEYS: newer });
  const { stderr, exitCode } = await drain();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^1 message\(s\) still wait in the inbox, and 1 of them are stuck: keep DATA_DIR, see with "answerback retry-stuck" why/,
  );
});

it('a stopping api turns load balancers away before it stops listening', async () => {
  const leaving = await start();
  const exitCode = leaving.stop();
  await eventually(async () => (await readyz()).status === 503);
  expect((await postJson(leaving.webhook, aPost())).status).toBe(200);
  expect(await exitCode).toBe(0);
});
