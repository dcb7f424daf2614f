import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { InboxDatabase } from '../../src/inbox/database.js';
import { openInboxFile } from '../../src/inbox/schema.js';
import { createKeyring, type PayloadKey } from '../../src/secrets/keyring.js';
import { eventually } from '../kit/eventually.js';
import { aChange } from '../helpers/inbox.js';
import { messagesIn, queryInbox } from '../helpers/inbox-file.js';
import { aPost } from '../helpers/messages.js';
import { packed } from '../helpers/answerback-command.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { postJson, startBuiltApi } from '../kit/product.js';

let folder: Awaited<ReturnType<typeof dataFolder>>;

beforeAll(async () => void (folder = await dataFolder()));
afterAll(() => folder.remove());

const texts = 600;
const key: PayloadKey = { id: 'k1', key: Buffer.alloc(32, 1) };

/** As if an earlier version could not read these posts. */
function fillQuarantine(): void {
  const file = openInboxFile(folder.path, { keyring: createKeyring([key]) });
  const rejected = Array.from({ length: texts }, (_, index) => ({
    reason: 'unreadable at that time',
    raw: JSON.stringify(aPost({ guid: `taken-${index}` })),
  }));
  new InboxDatabase(file).commit(aChange([], { rejected }));
  file.close();
}

it('an api that is killed while it requeues loses nothing and repeats nothing', { timeout: 90_000 }, async () => {
  // Without Temporal: what is accepted stays in the inbox, where it can be counted.
  const env = {
    ...(await freePorts()),
    DATA_DIR: folder.path,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    PAYLOAD_KEYS: `k1:${Buffer.from(key.key).toString('base64')}`,
  };
  const quarantined = () => queryInbox<{ id: number }>(folder.path, 'SELECT id FROM quarantine').length;
  const requeued = () => messagesIn(folder.path) ?? 0;

  fillQuarantine();
  const api = await startBuiltApi(env);
  const broken = packed.answerback(['quarantine', 'requeue', '--all'], env);
  await eventually(() => requeued() > 20);
  const exited = api.stop('SIGKILL');
  expect(await broken).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/No Answerback runs|did not respond/) as unknown,
  });
  await exited;
  expect(quarantined()).toBeGreaterThan(0);
  expect(requeued() + quarantined()).toBe(texts);

  const again = await startBuiltApi(env);
  const left = quarantined();
  expect(await packed.answerback(['quarantine', 'requeue', '--all'], env)).toMatchObject({
    exitCode: 0,
    stdout: `Accepted: ${left}\n`,
  });
  expect({ requeued: requeued(), quarantined: quarantined() }).toEqual({ requeued: texts, quarantined: 0 });
  await again.stop();
});

it('an api without an inbox has a quarantine when DATA_DIR is set', async () => {
  const own = await dataFolder();
  const settings = { ...(await freePorts()), TEMPORAL_ADDRESS: inject('temporalAddress'), ACK_AFTER: 'temporal' };
  const batch = () => ({ messages: [aPost(), { guid: 'broken', number: '+15550001234' }] });
  const env = { ...settings, DATA_DIR: own.path };
  try {
    const api = await startBuiltApi(env);
    expect((await postJson(api.webhook, batch())).body).toMatchObject({ message_count: 1, rejected: [{}] });
    const listed = (await packed.answerback(['quarantine', 'list', '--json'], env)).stdout;
    expect(JSON.parse(listed)).toMatchObject({ quarantine: [{ guid: 'broken', count: 1 }], evicted: 0 });
    await api.stop();

    const withoutDisk = await startBuiltApi({ ...settings, DATA_DIR: '' });
    const refused = await postJson(withoutDisk.webhook, batch());
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ type: '/problems/invalid-messages', rejected: [{ index: 1 }] });
    await withoutDisk.stop();
  } finally {
    await own.remove();
  }
});

it('an entry whose key is missing is listed as such, and opens again with the key', async () => {
  const own = await dataFolder();
  const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;
  const settings = { ...(await freePorts()), DATA_DIR: own.path, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const withKeys = async (keys: string, work: (env: Record<string, string>, webhook: string) => Promise<void>) => {
    const env = { ...settings, PAYLOAD_KEYS: keys };
    const api = await startBuiltApi(env);
    await work(env, api.webhook).finally(() => api.stop());
  };
  try {
    await withKeys(
      key('old', 1),
      async (_, webhook) => void (await postJson(webhook, { guid: 'sealed', number: '+15550001234' })),
    );
    // A change of keys, after which the old one is dropped too early.
    await withKeys(`${key('new', 2)},${key('old', 1)}`, async () => {});
    await withKeys(key('new', 2), async (env) => {
      const reason = 'It is sealed with the key "old", which is not in PAYLOAD_KEYS: add that key';
      const listed = JSON.parse((await packed.answerback(['quarantine', 'list', '--json'], env)).stdout) as {
        quarantine: unknown[];
      };
      expect(listed.quarantine).toEqual([expect.objectContaining({ id: 1, unreadable: reason })]);
      for (const command of [
        ['show', '1'],
        ['requeue', '1'],
        ['requeue', '1', '--set', 'message=x'],
      ]) {
        expect(await packed.answerback(['quarantine', ...command], env)).toEqual({
          stdout: '',
          stderr: `Quarantine entry 1 can't be read. ${reason}\n`,
          exitCode: 1,
        });
      }
      expect(await packed.answerback(['quarantine', 'requeue', '--all'], env)).toMatchObject({
        exitCode: 1,
        stdout: 'Accepted: 0\n',
      });
    });
    await withKeys(`${key('new', 2)},${key('old', 1)}`, async (env) => {
      expect((await packed.answerback(['quarantine', 'requeue', '1', '--set', 'message=x'], env)).stdout).toBe(
        'Accepted: 1\n',
      );
    });
  } finally {
    await own.remove();
  }
});
