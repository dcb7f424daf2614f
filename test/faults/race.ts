import type { WorkflowHandle } from '@temporalio/client';
import { onTestFinished } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import type { Model } from '../../src/activities/model.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { sendQueueOf } from '../../src/domain/names.js';
import { createContacts } from '../../src/temporal/contacts.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { createActivityWorker } from '../../src/worker/create-worker.js';
import { aMessage } from '../helpers/messages.js';
import { defaultPlaybook } from '../helpers/playbook.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { createRaceLedger, type RaceLedger } from './race-ledger.js';

/** Texts, and a STOP of each sender, on a real Temporal server and in front of a real gateway. */
export interface Race {
  /** Takes all replies but the confirmations, so that a test can script it for them alone. */
  gateway: SimulatedGateway;
  ledger: RaceLedger;
  /** Numbers whose reply was tried and not sent. */
  tried: Set<string>;
  /** Numbers whose reply is parked. */
  parked: Set<string>;
  /** Starts an ordinary text of this number. */
  text: (number: string) => Promise<WorkflowHandle>;
  /** Starts the STOP of this number. */
  stop: (number: string) => Promise<WorkflowHandle>;
  /** Starts the worker of sends, where `isSending` was false. */
  startSending: (limit?: { perSecond: number }) => Promise<void>;
}

export interface RaceOptions {
  model?: Model;
  /** False: sends begin with `startSending`. */
  isSending?: boolean;
  /** False, for the control: the contact is not asked for before a send. */
  isAsked?: boolean;
  /** Called before a STOP is remembered, and before each try of a reply; each begins once this resolves. */
  hold?: (number: string, step: 'marker' | 'try') => Promise<void>;
}

const confirmation = defaultPlaybook.requestTemplate('stop', 'en');

/** Starts a worker with a task queue of its own, which ends with the test. */
export async function startRace({
  model,
  isSending = true,
  isAsked = true,
  hold = async () => {},
}: RaceOptions = {}): Promise<Race> {
  const numberOf = new Map<string, string>();
  const parked = new Set<string>();
  const tried = new Set<string>();
  const [temporal, gateway, confirming] = await Promise.all([
    connectForTest(undefined, {
      onReply: (id, outcome) => void (outcome === 'failed' && parked.add(numberOf.get(id) ?? id)),
    }),
    startSimulatedGateway({ port: 0 }),
    startSimulatedGateway({ port: 0 }),
  ]);
  const ledger = createRaceLedger(confirmation);
  for (const one of [gateway, confirming]) ledger.watch(one);
  const real = createContacts(temporal.client, [createSenderKey(testSecret)]);
  const contacts = ledger.contactsOf(real, { isAsked, holdMarker: (number) => hold(number, 'marker') });
  const to = ({ url }: SimulatedGateway) => realActivities(temporal, url, { contacts, ...(model && { model }) });
  const [{ sendReply: sendOrdinary, ...activities }, { sendReply: confirm }] = [to(gateway), to(confirming)];
  const sendReply: Activities['sendReply'] = async (message, text, authority) => {
    if (text === confirmation) return confirm(message, text, authority);
    await hold(message.from, 'try');
    try {
      return await sendOrdinary(message, text, authority);
    } catch (error) {
      tried.add(message.from);
      throw error;
    }
  };
  const stopWorker = await temporal.startWorker({ ...activities, ...(isSending && { sendReply }) });
  onTestFinished(async () => {
    await stopWorker();
    await Promise.all([gateway.close(), confirming.close()]);
    await temporal.close();
  });

  async function start(from: string, text: string): Promise<WorkflowHandle> {
    const message = aMessage({ from, text });
    numberOf.set(message.id, from);
    // As the forwarder does: a busy server misses the deadline of a start.
    await eventually(() => temporal.startWorkflow(message), { withinMs: 60_000 });
    return temporal.client.workflow.getHandle(message.id);
  }

  return {
    ...{ gateway, ledger, tried, parked },
    text: (number) => start(number, 'Yes, I agree'),
    stop: (number) => start(number, 'STOP'),
    startSending: (limit) => startSending(temporal, sendReply, limit?.perSecond),
  };
}

async function startSending(
  { connection, taskQueue }: TemporalForTest,
  sendReply: Activities['sendReply'],
  perSecond: number | undefined,
): Promise<void> {
  const { worker } = await createActivityWorker({
    ...{ connection, namespace: 'default', dataConverter: {}, maxConcurrent: 20, perSecond },
    taskQueue: sendQueueOf(taskQueue, aMessage().gateway),
    activities: { sendReply },
  });
  const sending = worker.run();
  onTestFinished(async () => {
    worker.shutdown();
    await sending;
  });
}
