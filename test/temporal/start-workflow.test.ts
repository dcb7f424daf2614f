import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createStartWorkflow, isRefusal } from '../../src/temporal/start-workflow.js';
import { senderAttribute } from '../../src/domain/names.js';
import { rejection } from '../helpers/activity.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { eventually } from '../kit/eventually.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

let temporal: TemporalForTest;
beforeAll(async () => {
  temporal = await connectForTest();
});
afterAll(() => temporal.close());

const startOn = (client: Client, taskQueue = temporal.taskQueue) =>
  createStartWorkflow(client, { eager: false, senderKey: () => 'everybody', log: silentLog, taskQueue })(aMessage());

/** A way to the suite's server that a test can cut. */
async function cuttable(): Promise<{ address: string; cut: () => Promise<void> }> {
  const [host, port] = inject('temporalAddress').split(':');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect({ host, port: Number(port) });
    for (const end of [socket, onward]) sockets.add(end.on('error', () => {}));
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async cut() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

it('a message is started once, however often it is posted, also after its workflow has ended', async () => {
  const message = aMessage();
  expect(await temporal.startWorkflow(message)).toBe('started');
  expect(await temporal.startWorkflow(message)).toBe('duplicate');
  await temporal.client.workflow.getHandle(message.id).terminate();
  expect(await temporal.startWorkflow(message)).toBe('duplicate');
});

it('a run has the key of its sender, and a number only in its input', async () => {
  const message = aMessage();
  const start = createStartWorkflow(temporal.client, {
    eager: false,
    senderKey: (sender) => `key of ${sender.slice(-2)}`,
    log: silentLog,
    taskQueue: temporal.taskQueue,
  });
  await start(message);
  const { raw, typedSearchAttributes } = await temporal.client.workflow.getHandle(message.id).describe();
  expect(raw.workflowExecutionInfo?.priority?.fairnessKey).toBe('key of 34');
  expect(typedSearchAttributes.get(senderAttribute)).toBe('key of 34');
});

it('only a sender without a recent text gets an eager start', async () => {
  const starts: boolean[] = [];
  const noting = {
    withDeadline: (_deadline: number, start: () => Promise<unknown>) => start(),
    workflow: {
      start: async (_type: string, { requestEagerStart }: { requestEagerStart: boolean }) =>
        void starts.push(requestEagerStart),
    },
  } as unknown as Client;
  const start = createStartWorkflow(noting, { eager: true, senderKey: (sender) => sender, log: silentLog });
  for (const number of ['+15550000001', '+15550000001', '+15550000002', '+15550000001'])
    await start(aMessage({ from: number }));
  expect(starts).toEqual([true, false, true, false]);
});

describe('a real server', () => {
  it.each<[what: string, start: () => Promise<unknown>, cause: string]>([
    ['a name that is too long', () => startOn(temporal.client, 'q'.repeat(2_000)), 'taskQueue length exceeds limit'],
    [
      'an argument that is too large',
      () => temporal.startWorkflow(aMessage({ text: 'x'.repeat(3_000_000) })),
      'Blob data size exceeds limit.',
    ],
  ])('that refuses %s refuses the message', async (_what, start, cause) => {
    const error = await rejection(start());
    expect(error).toMatchObject({ cause: { code: 3, message: cause } });
    expect(isRefusal(error)).toBe(true);
  });

  it('without the namespace refuses no message: it may still be created', async () => {
    const error = await rejection(startOn(new Client({ connection: temporal.connection, namespace: 'nowhere' })));
    expect(error).toMatchObject({ name: 'NamespaceNotFoundError' });
    expect(isRefusal(error)).toBe(false);
  });

  it('without the search attribute Sender refuses no message: it may still be added', async () => {
    const namespace = `test-${randomUUID()}`;
    await temporal.connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const client = new Client({ connection: temporal.connection, namespace });
    const error = await eventually(async () => {
      const failure = await rejection(startOn(client));
      return (failure as Error).name !== 'NamespaceNotFoundError' && failure;
    });
    expect(error).toMatchObject({ cause: { code: 3, message: expect.stringContaining('Sender') as string } });
    expect(isRefusal(error)).toBe(false);
  });

  it("that can't be reached refuses no message", async () => {
    const way = await cuttable();
    const connection = await NativeConnection.connect({ address: way.address });
    onTestFinished(() => connection.close());
    const client = new Client({ connection });
    expect(await startOn(client)).toBe('started');
    await way.cut();
    const error = await rejection(startOn(client));
    expect(error).toMatchObject({ cause: { code: 14 } });
    expect(isRefusal(error)).toBe(false);
  });
});

it.each([
  undefined,
  null,
  'INVALID_ARGUMENT',
  new Error('3 INVALID_ARGUMENT'),
  new TypeError('x'),
  { code: 'EINVAL' },
  Object.assign(new Error('x'), { code: 8 }),
])('an error that is not a response of the server is not a refusal: %s', (error) => {
  expect(isRefusal(error)).toBe(false);
});
