import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkNamespace, ensureNamespace } from '../../src/temporal/namespace.js';
import { eventually } from '../helpers/eventually.js';
import { recordingLog, silentLog } from '../helpers/logs.js';
import { connectForTest, type TemporalForTest } from '../helpers/temporal.js';

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

  it('is refused without ReplyState, and the command that adds it is named', async () => {
    await eventually(async () => {
      const message = await checkNamespace(temporal.connection, namespace, silentLog).then(() => '', (error: Error) => error.message);
      return message.includes(`temporal operator search-attribute create --namespace ${namespace} --name ReplyState --type Keyword`);
    });
  });

  it('is refused when it does not exist, and the command that makes it is named', async () => {
    await expect(checkNamespace(temporal.connection, 'nowhere', silentLog)).rejects.toThrow('temporal operator namespace create --namespace nowhere');
  });

  it('gets what it needs, also from two processes at once, and passes the check from then on', async () => {
    await Promise.all([ensureNamespace(temporal.connection, namespace), ensureNamespace(temporal.connection, namespace)]);
    await eventually(() => checkNamespace(temporal.connection, namespace, silentLog).then(() => true));
    const { config } = await temporal.connection.workflowService.describeNamespace({ namespace });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
    await ensureNamespace(temporal.connection, namespace);
  });

  it('is passed with a warning when its retention is short', async () => {
    const { log, events } = recordingLog();
    await temporal.connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: { seconds: 86_400 as never } } });
    await eventually(async () => {
      await checkNamespace(temporal.connection, namespace, log);
      return events.some(({ event, msg }) => event === 'namespace.retention-short' && msg?.includes('--retention 30d'));
    });
  });
});
