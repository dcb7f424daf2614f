import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Activities } from '../../src/activities/index.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { createContacts } from '../../src/temporal/contacts.js';
import { createSenderKeys } from '../../src/temporal/sender-key.js';
import { aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { testSecret } from '../kit/secret.js';

export let temporal: TemporalForTest;
export let gateway: SimulatedGateway;
/** The sender of the texts: another one in each test. */
export let from: string;

/** Runs a worker and a gateway for as long as the tests of a file do. */
export function useTexting(activitiesOf: (temporal: TemporalForTest, gatewayUrl: string) => Activities): void {
  let stopWorker: () => Promise<void>;
  let numbers = 0;
  beforeAll(async () => {
    temporal = await connectForTest();
    gateway = await startSimulatedGateway({ port: 0 });
    stopWorker = await temporal.startWorker(activitiesOf(temporal, gateway.url));
  });
  afterAll(async () => {
    await stopWorker();
    await gateway.close();
    await temporal.close();
  });
  beforeEach(() => {
    const process4 = String(process.pid).slice(-4).padStart(4, '0');
    from = `+155${process4}${String(++numbers).padStart(4, '0')}`;
  });
}

export const contacts = () => createContacts(temporal.client, createSenderKeys([testSecret]));
export const sentTo = (number: string) => gateway.sent.texts.filter(({ to }) => to === number).map(({ text }) => text);

/** Starts the run of a text. */
export async function start(text: string, how: Partial<InboundMessage> = {}) {
  const message = aMessage({ from, ...how, text });
  await temporal.startWorkflow(message);
  return temporal.client.workflow.getHandle(message.id);
}

/** The outcome of a text. */
export const outcomeOf = async (text: string, how: Partial<InboundMessage> = {}) =>
  (await (await start(text, how)).result()) as object;
