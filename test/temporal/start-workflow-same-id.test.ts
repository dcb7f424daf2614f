import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../src/domain/message.js';
import { workflowType } from '../../src/domain/names.js';
import type { PayloadKey } from '../../src/secrets/keyring.js';
import { isRefusal } from '../../src/temporal/start-workflow.js';
import { rejection } from '../helpers/activity.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';

const oldKey = { id: 'old', key: Buffer.alloc(32, 1) };
const newKey = { id: 'new', key: Buffer.alloc(32, 2) };

/** The processes of two apis, with a task queue of their own for each test. No worker runs: every run stays open. */
let first: TemporalForTest;
let second: TemporalForTest;
const { log, events } = recordingLog();
const opened: TemporalForTest[] = [];

async function starterWith(payloadKeys: PayloadKey[]): Promise<TemporalForTest> {
  const starter = await connectForTest(undefined, { payloadKeys, log, taskQueue });
  opened.push(starter);
  return starter;
}

const taskQueue = `test-${randomUUID()}`;
beforeAll(async () => {
  first = await starterWith([]);
  second = await starterWith([]);
});
afterAll(() => Promise.all(opened.map((starter) => starter.close())));

/** The texts that will be answered, by the ids of their runs. */
async function runsOf({ id }: InboundMessage): Promise<Record<string, string>> {
  const runs: Record<string, string> = {};
  for (const workflowId of [id, `${id}-2`, `${id}-3`, `${id}-4`]) {
    const history = await first.client.workflow
      .getHandle(workflowId)
      .fetchHistory()
      .catch(() => undefined);
    const input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
    if (input) runs[workflowId] = textOf(Buffer.from(input).toString());
  }
  return runs;
}

const textOf = (input: string) => (input.startsWith('{') ? (JSON.parse(input) as InboundMessage).text : 'encrypted');

describe('another message under a known id', () => {
  it.each([
    ['another text', { text: 'No' }],
    ['another sender', { from: '+15550009999', sender: '+15550009999' }],
  ])('%s gets a run of its own, once, however often and by whichever api it is posted', async (_what, other) => {
    const message = aMessage();
    const another = { ...message, ...other };
    expect(await first.startWorkflow(message)).toBe('started');
    expect(await second.startWorkflow(another)).toBe('started');
    expect(await second.startWorkflow(another)).toBe('duplicate');
    expect(await first.startWorkflow(another)).toBe('duplicate');
    expect(await second.startWorkflow(message)).toBe('duplicate');
    expect(await runsOf(message)).toEqual({ [message.id]: message.text, [`${message.id}-2`]: another.text });
    const renamed = events.filter(({ event, guid }) => event === 'message.renamed' && guid === message.id);
    expect(renamed).toEqual([expect.objectContaining({ workflowId: `${message.id}-2` })]);
    expect(JSON.stringify(renamed)).not.toContain(another.text);
  });

  it('three messages that arrive at once at two apis get one run each', async () => {
    const message = aMessage({ text: 'one' });
    const all = ['one', 'two', 'three'].flatMap((text) => [
      first.startWorkflow({ ...message, text }),
      second.startWorkflow({ ...message, text }),
    ]);
    const outcomes = await Promise.all(all);
    expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(3);
    const runs = await runsOf(message);
    expect(Object.keys(runs)).toEqual([message.id, `${message.id}-2`, `${message.id}-3`]);
    expect(Object.values(runs).sort()).toEqual(['one', 'three', 'two']);
  });

  it("another program's workflow of that id is left alone", async () => {
    const message = aMessage();
    await first.client.workflow.start('anotherProgram', { workflowId: message.id, taskQueue });
    expect(await first.startWorkflow(message)).toBe('started');
    expect(await second.startWorkflow(message)).toBe('duplicate');
    expect(await runsOf(message)).toEqual({ [`${message.id}-2`]: message.text });
  });

  it('the twenty-first is refused, so it is kept as stuck', async () => {
    const message = aMessage();
    for (let number = 1; number <= 20; number++) await first.startWorkflow({ ...message, text: `text ${number}` });
    const error = await rejection(first.startWorkflow({ ...message, text: 'text 21' }));
    expect(isRefusal(error)).toBe(true);
    expect(String(error)).toContain(`20 other messages have the id ${message.id}`);
  });
});

describe('the same message posted again', () => {
  it.each<[what: string, again: Partial<InboundMessage>]>([
    ['with the number in another notation', { from: '15550001234', sender: '15550001234' }],
    ['with the number without its country code', { from: '555 000 1234', sender: '5550001234' }],
    ['with white space around the text', { text: ' Café, yes\r\n' }],
    ['in another Unicode form', { text: 'Cafe\u0301, yes' }],
    ['later, by another gateway format', { acceptedAt: '2031-01-01T00:00:00.000Z', date: '2031-01-01' }],
  ])('%s is a duplicate', async (_what, again) => {
    const message = aMessage({ text: 'Café, yes' });
    expect(await first.startWorkflow(message)).toBe('started');
    expect(await second.startWorkflow({ ...message, ...again })).toBe('duplicate');
    expect(await runsOf(message)).toEqual({ [message.id]: message.text });
  });

  it('is a duplicate after its run was terminated, and another text still gets its own', async () => {
    const message = aMessage();
    await first.startWorkflow(message);
    await first.client.workflow.getHandle(message.id).terminate();
    expect(await second.startWorkflow(message)).toBe('duplicate');
    expect(await second.startWorkflow({ ...message, text: 'No' })).toBe('started');
    expect(await runsOf(message)).toEqual({ [message.id]: message.text, [`${message.id}-2`]: 'No' });
  });

  it('is a duplicate after its run was reset', async () => {
    const message = aMessage();
    await first.withWorker({ consider: () => Promise.reject(new Error('not now')) }, async () => {
      await first.startWorkflow(message);
      await eventually(async () => (await first.client.workflow.getHandle(message.id).describe()).historyLength > 4);
    });
    const { runId } = await first.client.workflow.getHandle(message.id).describe();
    const reset = await first.connection.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: message.id, runId },
      workflowTaskFinishEventId: 4 as never,
      requestId: randomUUID(),
      reason: 'a test',
    });
    expect(reset.runId).not.toBe(runId);
    expect(await second.startWorkflow(message)).toBe('duplicate');
    expect(await second.startWorkflow({ ...message, text: 'No' })).toBe('started');
  });

  it('starts again under its own id after its run was deleted', async () => {
    const message = aMessage();
    await first.startWorkflow(message);
    await first.connection.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: message.id },
    });
    await eventually(async () => (await second.startWorkflow(message)) === 'started');
    expect(await first.startWorkflow(message)).toBe('duplicate');
    expect(await runsOf(message)).toEqual({ [message.id]: message.text });
  });

  it('is a duplicate of its renamed run, although a start was cut off before its outcome was known', async () => {
    const message = aMessage();
    const another = { ...message, text: 'No' };
    await first.startWorkflow(message);
    await first.startWorkflow(another);
    expect(await second.startWorkflow(another)).toBe('duplicate');
  });
});

describe('with PAYLOAD_KEYS', () => {
  it('the memo is encrypted, and the same message is a duplicate, after the keys were rotated too', async () => {
    const before = await starterWith([oldKey]);
    const after = await starterWith([newKey, oldKey]);
    const message = aMessage();
    await before.startWorkflow(message);
    const { workflowExecutionInfo } = await first.connection.workflowService.describeWorkflowExecution({
      namespace: 'default',
      execution: { workflowId: message.id },
    });
    const [memo] = Object.values(workflowExecutionInfo?.memo?.fields ?? {});
    expect(Buffer.from(memo?.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
    expect(await after.startWorkflow(message)).toBe('duplicate');
    expect(await after.startWorkflow({ ...message, text: 'No' })).toBe('started');
    expect(await after.startWorkflow({ ...message, text: 'No' })).toBe('duplicate');
  });

  it('a message is stuck when the key of the run is missing, and becomes a duplicate once it is back', async () => {
    const before = await starterWith([oldKey]);
    const without = await starterWith([newKey]);
    const message = aMessage();
    await before.startWorkflow(message);
    for (const posted of [message, { ...message, text: 'No' }]) {
      const error = await rejection(without.startWorkflow(posted));
      expect(isRefusal(error)).toBe(true);
      expect((error as Error).cause).toMatchObject({ message: expect.stringContaining('the key "old"') as string });
    }
    expect(events.some(({ event, msg }) => event === 'payload.unopened' && msg?.includes('"old"'))).toBe(true);
    expect(Object.keys(await runsOf(message))).toEqual([message.id]);
    expect(await (await starterWith([newKey, oldKey])).startWorkflow(message)).toBe('duplicate');
  });

  it("another program's memo is not read", async () => {
    const without = await starterWith([newKey]);
    const message = aMessage();
    const other = await starterWith([oldKey]);
    await other.client.workflow.start('anotherProgram', {
      workflowId: message.id,
      taskQueue,
      memo: { messageHash: 'something' },
    });
    expect(await without.startWorkflow(message)).toBe('started');
  });
});

it('a message is stuck when a run was started by hand, without the hash to compare', async () => {
  const message = aMessage();
  await first.client.workflow.start(workflowType, { workflowId: message.id, taskQueue, args: [message] });
  const error = await rejection(first.startWorkflow(message));
  expect(isRefusal(error)).toBe(true);
  expect(String(error)).toContain(`The run ${message.id} has no messageHash`);
});
