import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/process/errors.js';
import { checkNamespace, ensureNamespace } from '../../src/temporal/namespace.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { rejection } from '../helpers/activity.js';
import { programOnNamespace } from '../helpers/program-on-namespace.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const dayMs = 86_400_000;
const rules = { replyMaxAgeMs: dayMs, acceptShortRetention: false };

describe('the namespace', () => {
  let temporal: TemporalForTest;
  let namespace: string;

  beforeAll(async () => {
    temporal = await connectForTest();
    namespace = `test-${randomUUID()}`;
    await temporal.connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await eventually(() => temporal.connection.workflowService.describeNamespace({ namespace }));
  });
  afterAll(() => temporal.close());

  const retentionDays = async () => {
    const { config } = await temporal.connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
  };
  const keepFor = async (days: number) => {
    const config = { workflowExecutionRetentionTtl: { seconds: (days * 86_400) as never } };
    await temporal.connection.workflowService.updateNamespace({ namespace, config });
    await eventually(async () => (await retentionDays()) === days);
  };

  it('is refused without the search attributes, and the command that adds them is named', async () => {
    await eventually(async () => {
      const { message } = (await rejection(checkNamespace(temporal.connection, namespace, rules))) as Error;
      return message.includes(
        `temporal operator search-attribute create --namespace ${namespace} --name ReplyState --type Keyword --name Sender --type Keyword --name ContactState --type Keyword`,
      );
    });
  });

  it('is refused when it does not exist, and the command that makes it is named', async () => {
    await expect(checkNamespace(temporal.connection, 'nowhere', rules)).rejects.toThrow(
      'temporal operator namespace create --namespace nowhere',
    );
  });

  it('gets what it needs, once, and then passes the check', async () => {
    await ensureNamespace(temporal.connection, namespace);
    await eventually(() => checkNamespace(temporal.connection, namespace, rules).then(() => true));
    expect(await retentionDays()).toBe(30);
    await ensureNamespace(temporal.connection, namespace);
    const after = await temporal.connection.workflowService.describeNamespace({ namespace });
    expect(Object.values(after.config?.customSearchAttributeAliases ?? {}).sort()).toEqual([
      'ContactState',
      'ReplyState',
      'Sender',
    ]);
  });

  it('of the embedded server keeps closed runs for 30 days, and for longer where REPLY_MAX_AGE needs it', async () => {
    await keepFor(1);
    await ensureNamespace(temporal.connection, namespace, { replyMaxAgeMs: dayMs });
    expect(await retentionDays()).toBe(30);
    await ensureNamespace(temporal.connection, namespace, { replyMaxAgeMs: 60 * dayMs });
    expect(await retentionDays()).toBe(67);
    await ensureNamespace(temporal.connection, namespace, { replyMaxAgeMs: dayMs });
    expect(await retentionDays()).toBe(67);
  });

  it('is refused when it keeps closed runs for less than REPLY_MAX_AGE and a week, unless accepted', async () => {
    await keepFor(8);
    await checkNamespace(temporal.connection, namespace, rules);
    const longer = { ...rules, replyMaxAgeMs: dayMs + 60_000 };
    const error = await rejection(checkNamespace(temporal.connection, namespace, longer));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(
      `temporal operator namespace update --namespace ${namespace} --retention 30d`,
    );
    await checkNamespace(temporal.connection, namespace, { ...longer, acceptShortRetention: true });
  });

  it.each(['api', 'worker', 'standalone'])('with a short retention ends the %s, with what to do', async (part) => {
    await keepFor(7);
    const onNamespace = await programOnNamespace(part, namespace);
    const start = (settings: Record<string, string>) => onNamespace({ ANSWERBACK_SECRET: testSecret, ...settings });
    const refused = start({});
    expect([await refused.exitCode, refused.output()]).toEqual([
      2,
      expect.stringContaining('or set ACCEPT_SHORT_RETENTION=true') as string,
    ]);
    const accepted = start({ ACCEPT_SHORT_RETENTION: 'true' });
    await eventually(() => /is ready|Stop with Ctrl-C/.test(accepted.output()));
    expect(await accepted.stop()).toBe(0);
  });
});
