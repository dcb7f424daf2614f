import { afterAll, beforeAll, expect, it } from 'vitest';
import { queries, signals, updates } from '../../src/domain/names.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { Status } from '../../src/workflows/signals.js';
import { aMessage } from '../helpers/messages.js';
import { realActivities } from '../helpers/real-activities.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';

let temporal: TemporalForTest;
let gateway: SimulatedGateway;
beforeAll(async () => {
  [temporal, gateway] = await Promise.all([connectForTest(), startSimulatedGateway({ port: 0 })]);
});
afterAll(async () => {
  await Promise.all([temporal.close(), gateway.close()]);
});

it('a release of which a backup has only the signal sends nothing after the restore; a new one does', async () => {
  const message = aMessage();
  const handle = temporal.client.workflow.getHandle(message.id);
  async function parkedAs() {
    const status = await handle.query<Status>(queries.status);
    return status.state === 'parked' && status.parkedAs;
  }
  gateway.script([{ status: 400 }]);
  await temporal.withWorker(realActivities(temporal, gateway.url), async () => {
    await temporal.startWorkflow(message);
    expect(await eventually(parkedAs)).toBe('failed');
  });
  // No worker runs: the signal waits in the run, as in a backup that was made right after it.
  await handle.signal(signals.retryReply);
  const restoredAtMs = Date.now() + 1;
  await temporal.withWorker(realActivities(temporal, gateway.url, { restoredAtMs }), async () => {
    await eventually(async () => (await parkedAs()) === 'uncertain');
    expect(gateway.sent.count).toBe(0);
    await handle.executeUpdate(updates.retryReplyNow);
    expect(await handle.result()).toMatchObject({ reply: 'sent' });
  });
  expect(gateway.sent.count).toBe(1);
});
