import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { aPost } from '../helpers/messages.js';
import { type Packed, packAndUnpack } from '../helpers/packed.js';
import { dataFolder, freePorts, postJson, type Product, startBuiltApi } from '../helpers/product.js';

let packed: Packed;
beforeAll(async () => void (packed = await packAndUnpack()));
afterAll(() => packed.remove());

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

it('an empty inbox is drained once nothing has come for a while; the api stays so until it is undone', { timeout: 60_000 }, async () => {
  const { webhook } = await start();
  await postJson(webhook, { guid: 'no text' });
  const { stdout, stderr, exitCode } = await drain('--quiet', '2s', '--json');
  expect({ stderr, exitCode }).toEqual({ stderr: '1 entry(ies) of the quarantine go with it: "answerback quarantine list" shows them\n', exitCode: 0 });
  await expect(stdout).toMatchFileSnapshot('golden/drain.json');
  expect((await readyz()).status).toBe(503);
  expect(await drain('--undo')).toEqual({ stdout: 'Draining has ended: the api asks for texts again\n', stderr: '', exitCode: 0 });
  expect((await readyz()).status).toBe(200);
});

it('what waits for Temporal is named when the time is over, and posts go on being accepted', { timeout: 60_000 }, async () => {
  const { webhook } = await start();
  await postJson(webhook, aPost());
  const { stdout, stderr, exitCode } = await drain('--within', '1s', '--json');
  expect({ document: JSON.parse(stdout), exitCode }).toEqual({ document: { draining: true, depth: 1, stuck: 0, quarantined: 0, temporalAway: true }, exitCode: 1 });
  expect(stderr).toBe('1 text(s) still wait in the inbox, since Temporal does not answer the api: when it is back, run this again, and keep DATA_DIR until then\n');
  expect((await postJson(webhook, aPost())).status).toBe(200);
  // A start begins anew.
  await api?.stop();
  await start();
  expect((await readyz()).status).toBe(200);
});

it('an api that is still sent to is not drained', { timeout: 60_000 }, async () => {
  const { webhook } = await start();
  const sender = setInterval(() => void postJson(webhook, { guid: 'no text' }), 200);
  try {
    expect(await drain('--quiet', '2s', '--within', '4s')).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^Nothing waits in the inbox, but it has been quiet only for [01] s instead of 2 s: take the api out of the load balancer, then run this again\n$/) as unknown,
      exitCode: 1,
    });
  } finally {
    clearInterval(sender);
  }
});

it('stuck texts are named at once, since waiting does not help', { timeout: 60_000 }, async () => {
  const [newer, older] = [key('new', 2), key('old', 1)];
  const first = await start({ PAYLOAD_KEYS: older });
  await postJson(first.webhook, aPost());
  await first.stop();
  // A change of keys, after which the old one is dropped too early.
  await (await start({ PAYLOAD_KEYS: `${newer},${older}` })).stop();
  await start({ PAYLOAD_KEYS: newer });
  const { stderr, exitCode } = await drain();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^1 text\(s\) still wait in the inbox, of which 1 are stuck: keep DATA_DIR, look for message\.stuck and message\.unreadable/);
});

it('an api that is told to stop sends load balancers elsewhere before it stops listening', { timeout: 60_000 }, async () => {
  const leaving = await start();
  const exitCode = leaving.stop();
  await eventually(async () => (await readyz()).status === 503);
  expect((await postJson(leaving.webhook, aPost())).status).toBe(200);
  expect(await exitCode).toBe(0);
});
