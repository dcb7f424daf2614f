import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { expect, inject, it, onTestFinished } from 'vitest';
import { checkKeyUse } from '../../src/cli/checks/temporal.js';
import { keyInUse, workflowType } from '../../src/domain/names.js';
import { estimateSeals, inspectKeyInUse, recordKeyInUse, sealsPerMessage } from '../../src/temporal/key-in-use.js';
import { packed } from '../helpers/answerback-command.js';
import { programOnNamespace } from '../helpers/program-on-namespace.js';
import { connectForTest } from '../helpers/suite-temporal.js';
import { ensureNamespace } from '../../src/temporal/namespace.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';

const dayMs = 86_400_000;

async function aNamespace() {
  const temporal = await connectForTest();
  const { connection } = temporal;
  onTestFinished(() => temporal.close());
  const namespace = `test-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: (30 * 86_400) as never },
  });
  await eventually(() => connection.workflowService.describeNamespace({ namespace }));
  await ensureNamespace(connection, namespace);
  return { connection, namespace, client: new Client({ connection, namespace }) };
}

it('counts the messages since the first use of a key, and a restart of a worker is no first use', async () => {
  const { client, ...temporal } = await aNamespace();
  const start = () =>
    client.workflow.start(workflowType, {
      workflowId: randomUUID(),
      taskQueue: 'without-a-worker',
      args: [],
      startDelay: '1 day',
    });
  await start();
  expect(await inspectKeyInUse(temporal, { id: 'k1' })).toBe(undefined);
  await recordKeyInUse(temporal, { id: 'k1' });
  const since = (await inspectKeyInUse(temporal, { id: 'k1' }))?.sinceMs;
  await start();
  await start();
  await recordKeyInUse(temporal, { id: 'k1' });
  await recordKeyInUse(temporal, undefined);
  await eventually(async () => (await inspectKeyInUse(temporal, { id: 'k1' }))?.seals === 2 * sealsPerMessage);
  expect((await inspectKeyInUse(temporal, { id: 'k1' }))?.sinceMs).toBe(since);
  expect(await inspectKeyInUse(temporal, { id: 'k2' })).toBe(undefined);
});

it('the worker records its first key, and doctor says how much it has encrypted', async () => {
  const { client, namespace } = await aNamespace();
  const PAYLOAD_KEYS = ['k2', 'k1'].map((id, index) => `${id}:${Buffer.alloc(32, index).toString('base64')}`).join();
  const settings = { ANSWERBACK_SECRET: testSecret, PAYLOAD_KEYS };
  const worker = (await programOnNamespace('worker', namespace))(settings);
  await eventually(() => worker.output().includes('"msg":"The worker is ready"'));
  const { memo, type } = await client.workflow.getHandle(keyInUse.workflowIdOf('k2')).describe();
  expect({ memo, type }).toEqual({ memo: {}, type: keyInUse.workflowType });
  await expect(client.workflow.getHandle(keyInUse.workflowIdOf('k1')).describe()).rejects.toThrow();
  const { stdout } = await packed.answerback(['doctor'], {
    ...settings,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
  });
  expect(stdout).toContain('about 0 times, of at most 4,294,967,296');
});

it.each([
  [1_000, dayMs, 20_000],
  [1_000, 7 * dayMs, 20_000],
  [604_800, 1_243 * dayMs, 2_147_904_000],
])('%i messages, the last week taken for all of %i ms, are %i seals', (messages, ageMs, seals) => {
  expect(estimateSeals(messages, ageMs)).toBe(seals);
});

it('doctor warns from half of the limit', () => {
  expect(checkKeyUse('k1', { sinceMs: 0, seals: 2 ** 31 - 1 }).status).toBe('ok');
  expect(checkKeyUse('k1', { sinceMs: 0, seals: 2 ** 31 })).toEqual({
    status: 'warn',
    found: 'The key k1 of PAYLOAD_KEYS encrypts since 1970-01-01: about 2,147,483,648 times, of at most 4,294,967,296',
    todo: expect.stringContaining('put a new key first') as string,
  });
});

it.each(['by-model', 'sent', 'retried'])('the run "%s" has no more payloads than are estimated', (name) => {
  const history = readFileSync(new URL(`../workflows/histories/next/${name}.json`, import.meta.url), 'utf8');
  const payloads = history.match(/"metadata":/g)?.length ?? 0;
  expect(payloads).toBeGreaterThanOrEqual(10);
  expect(payloads).toBeLessThanOrEqual(sealsPerMessage);
});
