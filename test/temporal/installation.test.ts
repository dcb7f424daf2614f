import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installation } from '../../src/domain/names.js';
import { ConfigError } from '../../src/process/errors.js';
import { checkInstallation, fingerprintOf, inspectInstallation } from '../../src/temporal/installation.js';
import { ensureNamespace } from '../../src/temporal/namespace.js';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { rejection } from '../helpers/activity.js';
import { programOnNamespace } from '../helpers/program-on-namespace.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';

const secrets = ['the-secret-of-one-installation-01', 'the-secret-of-one-installation-02'] as const;

describe('the fingerprint of the secret', () => {
  let temporal: TemporalForTest;
  let namespace: string;
  let client: Client;
  const check = (secret: string) => checkInstallation({ connection: temporal.connection, namespace }, [secret]);
  const inspect = (secret: string) => inspectInstallation({ connection: temporal.connection, namespace }, [secret]);

  beforeAll(async () => void (temporal = await connectForTest()));
  afterAll(() => temporal.close());
  beforeEach(async () => {
    namespace = `test-${randomUUID()}`;
    await temporal.connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await eventually(() => temporal.connection.workflowService.describeNamespace({ namespace }));
    client = new Client({ connection: temporal.connection, namespace });
    await eventually(async () => (await client.workflow.count()).count === 0);
  });

  it('is stored by the first process; the same secret passes, and another one does not', async () => {
    expect(await inspect(secrets[0])).toBe('none');
    await check(secrets[0]);
    await check(secrets[0]);
    const error = await rejection(check(secrets[1]));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain('ANSWERBACK_SECRET must be the secret of this installation');
    expect([await inspect(secrets[0]), await inspect(secrets[1])]).toEqual(['same', 'other']);
  });

  it('passes for all processes with the same secret that start at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => check(secrets[0])));
    expect(await inspect(secrets[0])).toBe('same');
  });

  it('passes for the processes of exactly one secret when two secrets start at once', async () => {
    const outcomes = await Promise.allSettled([...secrets, ...secrets].map(check));
    const passed = outcomes.map(({ status }) => status === 'fulfilled');
    expect(passed.filter(Boolean)).toHaveLength(2);
    expect(passed.slice(0, 2)).toEqual(passed.slice(2));
  });

  it('is kept by an open run that never begins, and does not contain the secret', async () => {
    await check(secrets[0]);
    const { status, memo, type, raw } = await client.workflow.getHandle(installation.workflowId).describe();
    expect([status.name, type]).toEqual(['RUNNING', installation.workflowType]);
    expect(memo).toEqual({ [installation.memo.current]: fingerprintOf(secrets[0]) });
    expect(JSON.stringify(raw)).not.toContain(secrets[0]);
    const executesAt = Number(raw.workflowExecutionInfo?.executionTime?.seconds) * 1_000;
    expect(executesAt - Date.now()).toBeGreaterThan(19_000 * 86_400_000);
  });

  it('is gone after the documented deletion, and the next secret is then the one', async () => {
    await check(secrets[0]);
    await temporal.connection.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: installation.workflowId },
    });
    await eventually(async () => (await inspect(secrets[1])) === 'none');
    await check(secrets[1]);
    expect(await inspect(secrets[0])).toBe('other');
  });

  it('is not a message: no list or count of runs shows it', async () => {
    await ensureNamespace(temporal.connection, namespace);
    await check(secrets[0]);
    await eventually(async () => (await client.workflow.count()).count === 1);
    const runs = createRuns(client, () => '');
    await eventually(async () => (await runs.count('running')) === 0);
    for await (const { workflowId } of runs.list()) expect.unreachable(workflowId);
  });

  it("is not taken from another program's workflow of that id", async () => {
    await client.workflow.start('another', { workflowId: installation.workflowId, taskQueue: 'another' });
    await expect(check(secrets[0])).rejects.toThrow('is not the one that Answerback keeps there');
  });

  it.each(['api', 'worker'] as const)('stops the %s with another secret: it exits 2 and says why', async (part) => {
    await ensureNamespace(temporal.connection, namespace);
    await check(secrets[0]);
    const start = await programOnNamespace(part, namespace);
    const other = start({ ANSWERBACK_SECRET: secrets[1] });
    expect([await other.exitCode, other.output()]).toEqual([
      2,
      expect.stringContaining('belongs to another one') as string,
    ]);
    expect(other.output()).not.toContain(secrets[1]);
    const without = start({});
    expect([await without.exitCode, without.output()]).toEqual([
      2,
      expect.stringContaining('make one with: openssl rand -hex 32') as string,
    ]);
    const same = start({ ANSWERBACK_SECRET: secrets[0] });
    await eventually(() => same.output().includes(`"msg":"The ${part} is ready"`));
  });
});
