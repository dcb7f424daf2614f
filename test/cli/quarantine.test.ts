import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { aPost } from '../helpers/messages.js';
import { type Packed, packAndUnpack } from '../helpers/packed.js';
import { dataFolder, freePorts, postJson, startBuiltApi } from '../helpers/product.js';

let packed: Packed;
let folder: Awaited<ReturnType<typeof dataFolder>>;

beforeAll(async () => void ([packed, folder] = await Promise.all([packAndUnpack(), dataFolder()])));
afterAll(() => Promise.all([packed.remove(), folder.remove()]));

const texts = 600;

it('an api that is killed while it requeues loses nothing and doubles nothing', { timeout: 90_000 }, async () => {
  // Without Temporal: what is accepted stays in the inbox, where it can be counted.
  const env = { ...(await freePorts()), DATA_DIR: folder.path, TEMPORAL_ADDRESS: '127.0.0.1:1', PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
  const guids = Array.from({ length: texts }, (_, index) => `taken-${index}`);
  const count = (sql: string) => Number(Object.values(queryInbox<Record<string, number>>(folder.path, sql)[0] ?? {})[0]);
  const requeued = () => count(`SELECT count(*) FROM seen WHERE guid GLOB 'taken-*-*'`);
  const quarantined = () => count('SELECT count(*) FROM quarantine');

  const api = await startBuiltApi(env);
  for (const message of ['the first text', 'another text']) await postJson(api.webhook, { messages: guids.map((guid) => aPost({ guid, message })) });
  expect(quarantined()).toBe(texts);
  const broken = packed.answerback(['quarantine', 'requeue', '--all'], env);
  await eventually(() => requeued() > 20);
  const exited = api.stop('SIGKILL');
  expect(await broken).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/No Answerback runs|did not answer/) as unknown });
  await exited;
  expect(quarantined()).toBeGreaterThan(0);
  expect(requeued() + quarantined()).toBe(texts);

  const again = await startBuiltApi(env);
  const left = quarantined();
  expect(await packed.answerback(['quarantine', 'requeue', '--all'], env)).toMatchObject({ exitCode: 0, stdout: `Accepted: ${left}\n` });
  expect({ requeued: requeued(), quarantined: quarantined(), waiting: count('SELECT count(*) FROM pending') }).toEqual({ requeued: texts, quarantined: 0, waiting: 2 * texts });
  await again.stop();
});

it('an entry whose key is gone is named as such, and opens again with the key', { timeout: 60_000 }, async () => {
  const own = await dataFolder();
  const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
  const settings = { ...(await freePorts()), DATA_DIR: own.path, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const withKeys = async (keys: string, work: (env: Record<string, string>, webhook: string) => Promise<void>) => {
    const env = { ...settings, PAYLOAD_KEYS: keys };
    const api = await startBuiltApi(env);
    await work(env, api.webhook).finally(() => api.stop());
  };
  try {
    await withKeys(key('old', 1), async (_, webhook) => void (await postJson(webhook, { guid: 'sealed', number: '+15550001234' })));
    // A change of keys, after which the old one is dropped too early.
    await withKeys(`${key('new', 2)},${key('old', 1)}`, async () => {});
    await withKeys(key('new', 2), async (env) => {
      const reason = 'It is sealed with the key "old", which is not in PAYLOAD_KEYS: add that key';
      const listed = JSON.parse((await packed.answerback(['quarantine', 'list', '--json'], env)).stdout) as { quarantine: unknown[] };
      expect(listed.quarantine).toEqual([expect.objectContaining({ id: 1, unreadable: reason })]);
      for (const command of [['show', '1'], ['requeue', '1'], ['requeue', '1', '--set', 'message=x']]) {
        expect(await packed.answerback(['quarantine', ...command], env)).toEqual({ stdout: '', stderr: `Entry 1 cannot be opened. ${reason}\n`, exitCode: 1 });
      }
      expect(await packed.answerback(['quarantine', 'requeue', '--all'], env)).toMatchObject({ exitCode: 1, stdout: 'Accepted: 0\n' });
    });
    await withKeys(`${key('new', 2)},${key('old', 1)}`, async (env) => {
      expect((await packed.answerback(['quarantine', 'requeue', '1', '--set', 'message=x'], env)).stdout).toBe('Accepted: 1\n');
    });
  } finally {
    await own.remove();
  }
});
