import { ApplicationFailure } from '@temporalio/common';
import { Registry } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { failureTypes } from '../../src/domain/names.js';
import { exportHanging } from '../../src/metrics/hanging.js';
import { lookForHangingOf } from '../../src/temporal/hanging.js';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { readExposition, type Scrape } from '../helpers/exposition.js';
import { aMessage } from '../helpers/messages.js';
import { eventually } from '../kit/eventually.js';
import { startInNamespace } from './installation-in-namespace.js';
import { closeOpened } from './opened.js';

afterEach(closeOpened);

const sent = async () => ({ reply: 'sent' as const });
const aKey = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });

type Installation = Awaited<ReturnType<typeof startInNamespace>>;

/** What the gauges say about an installation in which retries end after a second, and waits after `replyMaxAgeMs`. */
function scrapesOf({ client }: Installation, { replyMaxAgeMs = 3_600_000 } = {}): () => Promise<Scrape> {
  const registry = new Registry();
  const options = { gateways: ['smsmobileapi', 'removed'], replyRetryForMs: 1_000, replyMaxAgeMs, spareMs: 0 };
  exportHanging(
    registry,
    lookForHangingOf(async () => client, options),
    { keepMs: 0 },
  );
  return async () => readExposition(await registry.metrics());
}

const overdue = ({ value }: Scrape) => value('answerback_runs_overdue');
const backlog = ({ value }: Scrape, taskQueue: string) =>
  value('answerback_task_queue_backlog', { task_queue: taskQueue });
const pollers = ({ value }: Scrape, taskQueue: string) =>
  value('answerback_task_queue_pollers', { task_queue: taskQueue });

/** Waits until so many runs are open, not parked, and older than the retries. */
const isOld = ({ client }: Installation, runs: number) =>
  eventually(async () => {
    const startedBefore = new Date(Date.now() - 1_500);
    return (await createRuns(client, () => '').count('running', { startedBefore })) === runs;
  });

it('the queue of a gateway that no worker knows has a backlog and no poller', async () => {
  const installation = await startInNamespace();
  const scraped = scrapesOf(installation);
  await installation.workOnWorkflows();
  await installation.workOnSends('smsmobileapi', sent);
  const message = aMessage();
  await installation.startWorkflow(message);
  await installation.startWorkflow(aMessage({ gateway: 'removed' }));
  await installation.client.workflow.getHandle(message.id).result();
  const scrape = await eventually(async () => {
    const now = await scraped();
    return backlog(now, 'answerback-sends-removed') === 1 ? now : undefined;
  });
  expect(pollers(scrape, 'answerback-sends-removed')).toBe(0);
  for (const served of ['answerback', 'answerback-sends-smsmobileapi']) {
    expect([served, backlog(scrape, served), pollers(scrape, served)]).toEqual([served, 0, 1]);
  }
});

it('a run whose sends a worker without the key fails for ever is overdue', async () => {
  const installation = await startInNamespace({ payloadKeys: [aKey('k1', 1)] });
  const scraped = scrapesOf(installation);
  await installation.workOnWorkflows();
  await installation.workOnSends('smsmobileapi', sent, { keys: [aKey('k2', 2)] });
  await installation.startWorkflow(aMessage());
  await eventually(async () => overdue(await scraped()) === 1);
});

it('a parked run is not overdue', async () => {
  const installation = await startInNamespace();
  await installation.workOnWorkflows();
  await installation.workOnSends('smsmobileapi', () =>
    Promise.reject(ApplicationFailure.nonRetryable('refused', failureTypes.replyFailed)),
  );
  const message = aMessage();
  await installation.startWorkflow(message);
  const runs = createRuns(installation.client, () => '');
  await eventually(async () => {
    const startedBefore = new Date(Date.now() - 1_500);
    return (await runs.count('failed', { startedBefore })) === 1;
  });
  expect(overdue(await scrapesOf(installation)())).toBe(0);
});

it('runs that wait for their turn are overdue only when nothing may wait that long', async () => {
  const installation = await startInNamespace();
  await installation.workOnWorkflows();
  await installation.workOnSends('smsmobileapi', sent, { perSecond: 0.01 });
  for (let i = 0; i < 4; i++) await installation.startWorkflow(aMessage());
  // The first one has its turn at once.
  await isOld(installation, 3);
  const scraped = scrapesOf(installation);
  // The server reuses what it knows of a queue for some seconds, its age too.
  await eventually(async () => {
    const scrape = await scraped();
    return overdue(scrape) === 0 && backlog(scrape, 'answerback-sends-smsmobileapi') === 3;
  });
  expect(overdue(await scrapesOf(installation, { replyMaxAgeMs: 1_000 })())).toBe(3);
});
