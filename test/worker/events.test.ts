import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { expect, inject, it, onTestFinished } from 'vitest';
import { limitEvent } from '../../src/domain/event.js';
import { createTell } from '../../src/temporal/events.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { scrape } from '../helpers/exposition.js';
import { eventsSecret, startReceiver } from '../helpers/receiver.js';
import { connectForTest, namespaceForTest } from '../helpers/suite-temporal.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { freePorts } from '../kit/ports.js';
import { startBuiltWorker } from '../kit/product.js';
import { testSecret } from '../kit/secret.js';

const type = 'replies.limit-near';

/** A built worker with these settings and a receiver on loopback, and an event that is told to it. */
async function startWithEvent(settings: Record<string, string>) {
  const [temporal, receiver] = await Promise.all([connectForTest(), startReceiver()]);
  onTestFinished(() => temporal.close());
  onTestFinished(() => receiver.close());
  const namespace = await namespaceForTest(temporal);
  const [ports, folder] = await Promise.all([freePorts(), dataFolder()]);
  onTestFinished(folder.remove);
  const worker = await startBuiltWorker({
    ...ports,
    DATA_DIR: folder.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    SMS_MOBILE_API_KEY: 'key',
    EVENTS_URL: receiver.url,
    EVENTS_SECRET: eventsSecret,
    ...settings,
  });
  onTestFinished(async () => void (await worker.stop()));
  const client = new Client({ connection: temporal.connection, namespace });
  const tell = createTell(client, { texts: false, senderKey: createSenderKey(testSecret) });
  await tell(limitEvent('near', { period: randomUUID(), at: new Date().toISOString(), sent: 800, limit: 1_000 }));
  const tries = async (outcome: string) =>
    (await scrape(ports.METRICS_PORT)).value('answerback_events_total', { type, outcome });
  return { receiver, worker, tries };
}

it('a worker with EVENTS_URL tells events, and counts them', async () => {
  const { receiver, tries } = await startWithEvent({ EVENTS_PRIVATE: 'true' });
  await eventually(async () => (await tries('told')) === 1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ type, data: { sent: 800, limit: 1_000 } });
  expect(await tries('not-told')).toBe(0);
});

it.each([
  ['whose EVENTS_URL leads to this machine', {}, 'only EVENTS_PRIVATE=true allows'],
  ['without EVENTS_URL', { EVENTS_URL: '' }, 'EVENTS_URL is not set at this worker'],
])('a worker %s tells none, says why, and keeps them', async (_, settings, reason) => {
  const { receiver, worker, tries } = await startWithEvent(settings);
  await eventually(async () => (await tries('not-told')) === 1);
  await eventually(() => worker.output().includes(reason));
  expect(receiver.received).toEqual([]);
  expect(await tries('given-up')).toBe(0);
});
