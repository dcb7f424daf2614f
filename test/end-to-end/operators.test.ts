import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { againWhileBusy } from '../kit/again-while-busy.js';
import { eventually } from '../kit/eventually.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const run = promisify(execFile);

/** Deprecated, and not to be had by `go install`; some operators still have it. */
const tctl = await run('tctl', ['--version']).then(
  () => true,
  () => false,
);

/** What the commands of docs/failed-replies.md do, by the programs that operators use. */
describe('an operator with the temporal program', () => {
  let temporal: TemporalForTest;
  let gateway: SimulatedGateway;
  let stopWorker: () => Promise<void>;

  beforeAll(async () => {
    [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
    stopWorker = await temporal.startWorker(realActivities(temporal, gateway.url));
  });
  afterAll(async () => {
    await stopWorker();
    await Promise.all([temporal.close(), gateway.close()]);
  });

  const temporalProgram = process.env['TEMPORAL_CLI'] ?? 'temporal';
  const cli = async (...args: string[]) =>
    (await againWhileBusy(() => run(temporalProgram, [...args, '--address', inject('temporalAddress')]))).stdout;

  /** Messages whose replies the gateway has refused, parked. */
  async function parked(count: number, status = 400): Promise<string[]> {
    gateway.script([{ status, times: count }]);
    const guids = await Promise.all(
      Array.from({ length: count }, async () => {
        const message = aMessage();
        await temporal.startWorkflow(message);
        return message.id;
      }),
    );
    for (const guid of guids)
      await eventually(async () =>
        (await cli('workflow', 'query', '--workflow-id', guid, '--type', 'status')).includes('parked'),
      );
    return guids;
  }

  const resultOf = (guid: string): Promise<unknown> => temporal.client.workflow.getHandle(guid).result();

  it('lists, counts and queries parked runs', async () => {
    const [guid] = await parked(1);
    const query = `ReplyState="failed" AND WorkflowId="${guid}"`;
    await eventually(async () => (await cli('workflow', 'list', '--query', query)).includes(guid as string));
    expect(await cli('workflow', 'count', '--query', query)).toContain('Total: 1');
    const status = await cli('workflow', 'query', '--workflow-id', guid as string, '--type', 'status');
    expect(status).toContain('SMSMobileAPI answered 400');
    expect(status).not.toContain('+1555');
    await cli('workflow', 'terminate', '--workflow-id', guid as string, '--reason', 'handled by phone');
    await expect(resultOf(guid as string)).rejects.toMatchObject({ cause: { name: 'TerminatedFailure' } });
  });

  it('retries one, and gets an error when there is no such open run', async () => {
    const [guid] = await parked(1);
    await cli('workflow', 'signal', '--workflow-id', guid as string, '--name', 'retryReply');
    expect(await resultOf(guid as string)).toMatchObject({ reply: 'sent' });
    await expect(cli('workflow', 'signal', '--workflow-id', guid as string, '--name', 'retryReply')).rejects.toThrow(
      /already completed|not found/,
    );
  });

  it('retries one and waits for the outcome', async () => {
    const [guid] = await parked(1, 502);
    expect(
      await cli('workflow', 'update', 'execute', '--workflow-id', guid as string, '--name', 'retryReplyNow'),
    ).toMatch(/"?reply"?:\s*"?sent/);
    expect(await resultOf(guid as string)).toMatchObject({ reply: 'sent' });
  });

  it('retries all at a rate, each once', async () => {
    const guids = await parked(12);
    const query = `ReplyState="failed" AND TaskQueue="${temporal.taskQueue}" AND ExecutionStatus="Running"`;
    await eventually(async () => (await cli('workflow', 'count', '--query', query)).includes('Total: 12'), {
      withinMs: 45_000,
    });
    const before = gateway.sent.count;
    await cli(
      'workflow',
      'signal',
      '--query',
      query,
      '--name',
      'retryReply',
      '--reason',
      'gateway back',
      '--rps',
      '20',
      '--yes',
    );
    for (const guid of guids) expect(await resultOf(guid)).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count - before).toBe(12);
    await eventually(async () => (await cli('workflow', 'count', '--query', query)).includes('Total: 0'));
  });

  it.skipIf(!tctl)('retries one by tctl, where that is on PATH', async () => {
    const [guid] = await parked(1);
    await run('tctl', [
      '--address',
      inject('temporalAddress'),
      '--namespace',
      'default',
      'workflow',
      'signal',
      '--workflow_id',
      guid as string,
      '--name',
      'retryReply',
    ]);
    expect(await resultOf(guid as string)).toMatchObject({ reply: 'sent' });
  });

  it('marks one as sent', async () => {
    const [guid] = await parked(1, 502);
    const before = gateway.sent.count;
    await cli('workflow', 'signal', '--workflow-id', guid as string, '--name', 'markReplySent');
    expect(await resultOf(guid as string)).toMatchObject({ reply: 'sent', by: 'operator' });
    expect(gateway.sent.count).toBe(before);
  });

  it('resets one, which sends only after another release', async () => {
    const [guid] = await parked(1);
    await cli('workflow', 'signal', '--workflow-id', guid as string, '--name', 'retryReply');
    await resultOf(guid as string);
    const before = gateway.sent.count;
    await cli(
      'workflow',
      'reset',
      '--workflow-id',
      guid as string,
      '--type',
      'FirstWorkflowTask',
      '--reason',
      'label it again',
    );
    await eventually(async () =>
      (await cli('workflow', 'query', '--workflow-id', guid as string, '--type', 'status')).includes('parked'),
    );
    expect(gateway.sent.count).toBe(before);
    await cli('workflow', 'signal', '--workflow-id', guid as string, '--name', 'retryReply');
    expect(await resultOf(guid as string)).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(before + 1);
  });

  it('signals while no worker runs, which is applied when one is back', async () => {
    const [guid] = await parked(1);
    await stopWorker();
    await cli('workflow', 'signal', '--workflow-id', guid as string, '--name', 'markReplySent');
    const open = await temporal.client.workflow.getHandle(guid as string).describe();
    expect(open.status.name).toBe('RUNNING');
    stopWorker = await temporal.startWorker(realActivities(temporal, gateway.url));
    expect(await resultOf(guid as string)).toMatchObject({ reply: 'sent', by: 'operator' });
  });
});
