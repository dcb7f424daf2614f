import { randomUUID } from 'node:crypto';
import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import proto from '@temporalio/proto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostEvent } from '../../src/activities/post-event.js';
import { type AttentionEvent, contactEvent } from '../../src/domain/event.js';
import { eventRun, failureTypes, senderAttribute } from '../../src/domain/names.js';
import { createTell, noTell } from '../../src/temporal/events.js';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { eventsSecret, type Receiver, startReceiver } from '../helpers/receiver.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';

const senderKey = createSenderKey(testSecret);
const from = '+15550907008';

/** Steps run in reverse order. */
const ends: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

let receiver: Receiver;
beforeEach(async () => void (receiver = await startReceiver()));
afterEach(() => receiver.close());

function anEvent(): AttentionEvent {
  const message = aMessage({ from, text: 'I want a person' });
  const contact = { state: 'handed-over', since: message.acceptedAt, source: 'text', words: 'a person' } as const;
  return contactEvent({ message, guid: message.id }, contact);
}

/** Temporal, a worker that posts to the receiver, and the function that tells. */
async function start({ texts = false, ...options }: { texts?: boolean } & Parameters<typeof connectForTest>[1] = {}) {
  const temporal = await connectForTest(undefined, options);
  ends.push(() => temporal.close());
  const { log, events } = recordingLog();
  const settings = { url: receiver.url, secret: eventsSecret, private: true };
  const postEvent = createPostEvent({ receiver: settings, log, observer: { onTried: () => {} } });
  ends.push(await temporal.startWorker({ consider: async () => 'ask-model', postEvent }));
  return {
    temporal,
    events,
    tell: createTell(temporal.client, { texts, senderKey, workflowQueue: temporal.taskQueue }),
  };
}

const runOf = ({ client }: TemporalForTest, { id }: AttentionEvent) =>
  client.workflow.getHandle(eventRun.workflowIdOf(id));

/** The bytes of a run's history, as the server has it. */
async function storedOf({ client, connection }: TemporalForTest, event: AttentionEvent): Promise<string> {
  const execution = { workflowId: eventRun.workflowIdOf(event.id) };
  const request = { namespace: client.options.namespace, execution };
  const { history } = await connection.workflowService.getWorkflowExecutionHistory(request);
  return Buffer.from(proto.temporal.api.history.v1.History.encode(history ?? {}).finish()).toString('latin1');
}

describe('an event', () => {
  it('is told once the receiver is up again, once, with one id', async () => {
    const { temporal, events, tell } = await start();
    const { port } = new URL(receiver.url);
    await receiver.close();
    const event = anEvent();
    await tell(event);
    await eventually(() => events.some((line) => line.event === 'event.failed'));
    receiver = await startReceiver({ port: Number(port) });
    await runOf(temporal, event).result();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([event.id]);
    expect(events.at(-1)).toMatchObject({ event: 'event.told', id: event.id, attempt: 2 });
  });

  it('does not delay its teller while the receiver hangs', async () => {
    const { temporal, tell } = await start();
    let release = () => {};
    receiver.respond = (response) => (release = () => response.writeHead(200).end());
    const event = anEvent();
    await tell(event);
    await eventually(() => receiver.received.length === 1);
    expect((await runOf(temporal, event).describe()).status.name).toBe('RUNNING');
    const other = anEvent();
    receiver.respond = (response) => response.writeHead(200).end();
    await tell(other);
    await runOf(temporal, other).result();
    release();
    await runOf(temporal, event).result();
  });

  it('that is told twice has one run, also when that has ended', async () => {
    const { temporal, tell } = await start();
    const event = anEvent();
    await Promise.all([tell(event), tell(event)]);
    await runOf(temporal, event).result();
    const { runId } = await runOf(temporal, event).describe();
    await tell(event);
    expect((await runOf(temporal, event).describe()).runId).toBe(runId);
    expect(receiver.received.length).toBe(1);
  });

  it('that the receiver wants no more fails its run visibly, and is told again after a reset', async () => {
    const { temporal, tell } = await start();
    receiver.respond = (response) => response.writeHead(410).end();
    const event = anEvent();
    await tell(event);
    const error = (await runOf(temporal, event)
      .result()
      .catch((failure: unknown) => failure)) as WorkflowFailedError;
    expect(error.cause).toBeInstanceOf(ApplicationFailure);
    expect(error.cause).toMatchObject({ type: failureTypes.eventFailed, message: 'the receiver answered 410' });

    receiver.respond = (response) => response.writeHead(204).end();
    await temporal.connection.workflowService.resetWorkflowExecution({
      namespace: temporal.client.options.namespace,
      workflowExecution: { workflowId: eventRun.workflowIdOf(event.id) },
      workflowTaskFinishEventId: 4 as never,
      requestId: randomUUID(),
    });
    await runOf(temporal, event).result();
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([event.id, event.id]);
  });

  it('is found by the sender, to be erased, and is not a run of a message', async () => {
    const { temporal, tell } = await start();
    const event = anEvent();
    await tell(event);
    const query = `${senderAttribute.name} = '${senderKey(from)}'`;
    await eventually(async () => {
      for await (const { workflowId } of temporal.client.workflow.list({ query }))
        if (workflowId === eventRun.workflowIdOf(event.id)) return true;
      return false;
    });
    for await (const { workflowId } of createRuns(temporal.client, () => '').list())
      expect(workflowId).not.toContain(event.id);
  });
});

describe('what is stored of an event', () => {
  it('has no text unless texts are told', async () => {
    for (const texts of [false, true]) {
      const { temporal, tell } = await start({ texts });
      const event = anEvent();
      await tell(event);
      await runOf(temporal, event).result();
      const stored = await storedOf(temporal, event);
      expect(stored).toContain(from);
      for (const text of [stored, receiver.received.at(-1)?.body]) {
        expect(text?.includes('I want a person')).toBe(texts);
        expect(text?.includes('words')).toBe(texts);
      }
    }
  });

  it('is sealed with PAYLOAD_KEYS, its failures too', async () => {
    const { temporal, tell } = await start({ texts: true, payloadKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }] });
    receiver.respond = (response) => response.writeHead(410).end();
    const event = anEvent();
    await tell(event);
    await eventually(async () => (await runOf(temporal, event).describe()).status.name === 'FAILED');
    const stored = await storedOf(temporal, event);
    expect(stored).toContain('binary/encrypted');
    expect(stored).toContain(failureTypes.eventFailed);
    for (const open of [from, 'I want a person', 'receiver answered']) expect(stored).not.toContain(open);
  });
});

it('without EVENTS_URL nothing is told', async () => {
  await noTell(anEvent());
  expect(receiver.received).toEqual([]);
});
