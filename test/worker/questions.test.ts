import { Client } from '@temporalio/client';
import { Registry } from 'prom-client';
import { beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { createSendReply } from '../../src/activities/send-reply.js';
import { loadConfig } from '../../src/config/config.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { failureTypes } from '../../src/domain/names.js';
import { questionsTimeoutMs } from '../../src/domain/waiting.js';
import { createOutbound } from '../../src/gateways/sms-mobile-api/outbound.js';
import { createIsAskedSince } from '../../src/temporal/asked-since.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { createSenders } from '../../src/worker/create-senders.js';
import { anActivity, rejection, runId } from '../helpers/activity.js';
import { recordingLog } from '../helpers/logs.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { type Relay, startRelay } from '../helpers/relay.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { connectTo } from '../kit/temporal.js';

let temporal: TemporalForTest;
let gateway: SimulatedGateway;
let relay: Relay;
let events: ReturnType<typeof recordingLog>['events'];
let sendReply: ReturnType<typeof createSendReply>;

/** The activity as a worker has it. Only its questions go through the relay. */
beforeEach(async () => {
  [temporal, gateway, relay] = await Promise.all([
    connectForTest(),
    startSimulatedGateway({ port: 0 }),
    startRelay(inject('temporalAddress')),
  ]);
  const connection = await connectTo(relay.address);
  onTestFinished(async () => {
    await connection.close();
    await Promise.all([temporal.close(), gateway.close(), relay.close()]);
  });
  const recorded = recordingLog();
  events = recorded.events;
  sendReply = createSendReply({
    outbound: createOutbound({ apiKey: 'key', url: gateway.url }),
    replyRetryForMs: 600_000,
    isAskedSince: createIsAskedSince({ connection, namespace: 'default' }),
    ...createSenders({
      config: loadConfig({ REPLIES_PER_DAY: '100000' }),
      client: new Client({ connection }),
      senderKeys: [createSenderKey(testSecret)],
      metrics: new Registry(),
      log: recorded.log,
    }),
    log: recorded.log,
  });
});

const outage: Array<[string, () => unknown]> = [
  ['hangs', () => relay.hang()],
  ['is away', () => relay.close()],
];

it('a reply for which Temporal hangs is tried again, and sent once, when it responds again', async () => {
  await temporal.withWorker({ consider: async () => aDecision(), sendReply }, async () => {
    relay.hang();
    const message = aMessage();
    await temporal.startWorkflow(message);
    await eventually(() => events.length > 0, { withinMs: 2 * questionsTimeoutMs });
    expect(events).toMatchObject([{ event: 'reply.failed', guid: message.id, type: failureTypes.replyNotSent }]);
    expect(gateway.sent.count).toBe(0);
    relay.goOn();
    const outcome: unknown = await temporal.client.workflow.getHandle(message.id).result();
    expect(outcome).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });
});

it.each(outage)('no question takes longer than all may, when Temporal %s', async (_, begin) => {
  await begin();
  const authority = { maxAgeMs: 3_600_000, startedAtMs: Date.now() };
  const sends = [
    { send: 1, firstRunId: runId },
    // A released run that was reset asks for its history first.
    { send: 2, firstRunId: 'another run' },
  ].map(async ({ send, firstRunId }) => {
    const from = performance.now();
    const failure = await rejection(
      anActivity().run(sendReply, aMessage(), 'text', { ...authority, send, firstRunId }),
    );
    return { failure, tookMs: performance.now() - from };
  });
  for (const { failure, tookMs } of await Promise.all(sends)) {
    expect(failure).toMatchObject({ type: failureTypes.replyNotSent, nonRetryable: false });
    expect(tookMs).toBeLessThan(questionsTimeoutMs + 1_000);
  }
  expect(gateway.sent.count).toBe(0);
});
