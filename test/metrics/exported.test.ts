import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { type Scrape, scrape } from '../helpers/exposition.js';
import { completion, fault } from '../helpers/fake-openai.js';
import { freePorts } from '../kit/ports.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { postJson, startBuiltProduct } from '../kit/product.js';
import { filledIn, panelExpressions, rules } from './deployed.js';
import { selectorsOf } from './promql.js';
import { signals, taskQueue } from '../../src/domain/names.js';
import { alertsPage, closeAtEnd, metricsPage, opened, secret } from './opened.js';
import { failWorkflowTask, startApiAndWorker } from './exporting-processes.js';

closeAtEnd();

let parts: Awaited<ReturnType<typeof startApiAndWorker>>;
beforeAll(async () => void (parts = await startApiAndWorker()), 120_000);

const post = async (body: unknown, token = secret) => (await postJson(`${parts.webhook}?token=${token}`, body)).status;
const fromApi = () => scrape(parts.api);
const fromWorker = () => scrape(parts.worker);
/** Waits until a scrape says so. */
const says = (of: () => Promise<Scrape>, name: string, labels: Record<string, string>, value: number) =>
  eventually(async () => (await of()).value(name, labels) === value);

// Prometheus misses the increase to the first value that it sees.
it('before the first message, each counter that an alert reads is at 0', async () => {
  const samples = [await fromApi(), await fromWorker()].flatMap((scraped) => scraped.samples);
  const counters = rules
    .flatMap(({ expr }) => selectorsOf(expr))
    .filter(({ name }) => /^answerback_\w+_(total|count)$/.test(name));
  expect(counters.length).toBeGreaterThan(10);
  for (const { name, matchers } of counters) {
    const ofName = samples.filter((sample) => sample.name === name);
    expect(new Set(ofName.map(({ value }) => value)), name).toEqual(new Set([0]));
    for (const { label, operator, value } of matchers.filter(({ operator }) => operator.startsWith('=')))
      for (const one of operator === '=~' ? value.split('|') : [value])
        expect(
          ofName.map(({ labels }) => labels[label]),
          `${label} of ${name}`,
        ).toContain(one);
  }
});

describe('a run with all kinds of messages', () => {
  it('counts the posts, and their messages in the inbox', async () => {
    const first = aPost();
    expect(await post({ messages: [first, aPost(), { ...aPost(), guid: 7 }] })).toBe(200);
    expect(await post(first)).toBe(200);
    expect(await post({ ...first, message: 'Something else' })).toBe(200);
    expect(await post({ guid: 7 })).toBe(422);
    expect(await post('no message')).toBe(422);
    expect(await post(first, `${secret}x`)).toBe(401);

    await says(fromApi, 'answerback_inbox_depth', {}, 0);
    const { value } = await fromApi();
    const answers = (outcome: string) => value('answerback_acknowledgement_seconds_count', { outcome });
    expect(['accepted', 'invalid', 'unauthenticated', 'not-accepted', 'failed'].map(answers)).toEqual([3, 2, 1, 0, 0]);
    expect(value('answerback_acknowledgement_seconds_bucket', { outcome: 'accepted', le: '10' })).toBe(3);
    expect(value('answerback_messages_received_total', { outcome: 'accepted' })).toBe(4);
    expect(value('answerback_messages_received_total', { outcome: 'rejected' })).toBe(3);
    expect(value('answerback_inbox_quarantined')).toBe(3);
    expect(value('answerback_quarantine_evicted_total')).toBe(0);
    expect(value('answerback_inbox_stuck')).toBe(0);
    expect(value('answerback_inbox_oldest_seconds')).toBe(0);
    expect(value('answerback_disk_free_bytes')).toBeGreaterThan(0);
    // Another text with the same id is another message.
    expect(value('answerback_forward_lag_seconds_count', { outcome: 'started' })).toBe(3);
    expect(value('answerback_forward_lag_seconds_count', { outcome: 'duplicate' })).toBe(1);
    expect(value('answerback_forward_lag_seconds_sum', { outcome: 'started' })).toBeLessThan(60);
  });

  it('counts verdicts by label and author, and the sends', async () => {
    await says(fromWorker, 'answerback_replies_total', { outcome: 'sent' }, 3);
    parts.openai.answerWith(completion({ content: '{"label":"Disagree"}' }));
    expect(await post(aPost())).toBe(200);
    await says(fromWorker, 'answerback_replies_total', { outcome: 'sent' }, 4);
    const { value } = await fromWorker();
    expect(value('answerback_verdicts_total', { label: 'Agree', by: 'openai' })).toBe(3);
    expect(value('answerback_verdicts_total', { label: 'Disagree', by: 'openai' })).toBe(1);
    expect(value('answerback_model_request_seconds_count', { outcome: 'ok' })).toBe(4);
    expect(value('answerback_gateway_request_seconds_count', { gateway: 'smsmobileapi', outcome: 'sent' })).toBe(4);
    expect(value('answerback_worker_running')).toBe(1);
  });

  it('counts a failing model, and the rules that replace it', async () => {
    expect((await fromWorker()).value('answerback_classification_fallbacks_total', { fault: 'no-model' })).toBe(0);
    parts.openai.answerWith(fault(404, { code: 'model_not_found' }));
    expect(await post(aPost({ message: 'No' }))).toBe(200);
    await says(fromWorker, 'answerback_verdicts_total', { label: 'Disagree', by: 'rules' }, 1);
    const { value } = await fromWorker();
    expect(value('answerback_model_request_seconds_count', { outcome: 'no-model' })).toBe(1);
    expect(value('answerback_classification_fallbacks_total', { fault: 'no-model' })).toBe(1);
    parts.openai.answerWith(completion({ content: '{"label":"Agree"}' }));
    await says(fromWorker, 'answerback_replies_total', { outcome: 'sent' }, 5);
  });

  it('counts silence by its reason', async () => {
    expect(await post(aPost({ number: '+15550007777', message: 'STOP' }))).toBe(200);
    await says(fromWorker, 'answerback_replies_total', { outcome: 'sent' }, 6);
    expect(await post(aPost({ number: '+15550007777' }))).toBe(200);
    await says(fromWorker, 'answerback_replies_total', { outcome: 'skipped', reason: 'opted-out' }, 1);
  });

  it('counts a parked reply until an operator has released it', async () => {
    parts.gateway.script([{ status: 400 }]);
    const guid = `parked-${randomUUID()}`;
    expect(await post(aPost({ guid }))).toBe(200);
    for (const process of [fromApi, fromWorker]) {
      await says(process, 'answerback_replies_parked', { state: 'failed' }, 1);
      expect((await process()).value('answerback_replies_parked', { state: 'uncertain' })).toBe(0);
      expect((await process()).value('answerback_temporal_up')).toBe(1);
    }
    const { value } = await fromWorker();
    expect(value('answerback_gateway_request_seconds_count', { outcome: 'rejected' })).toBe(1);
    expect(value('answerback_replies_total', { outcome: 'failed' })).toBe(1);

    await parts.client.workflow.getHandle(guid).signal(signals.retryReply);
    await says(fromWorker, 'answerback_replies_total', { outcome: 'sent' }, 7);
    await says(fromWorker, 'answerback_replies_parked', { state: 'failed' }, 0);
  });

  it('counts each workflow task in which the workflow throws', async () => {
    const failed = { task_queue: taskQueue, failure_reason: 'WorkflowError' };
    const run = await failWorkflowTask(parts.client);
    // At once, and again after 10 s.
    await eventually(
      async () => (await fromWorker()).value('temporal_workflow_task_execution_failed_total', failed) > 2,
      { withinMs: 45_000 },
    );
    await run.terminate();
  });
});

const expressions = [
  ...rules.map(({ alert, expr }): [string, string] => [`alert ${alert}`, expr]),
  ...panelExpressions.map(([title, expr]): [string, string] => [`panel "${title}"`, filledIn(expr, '.*')]),
];
/** What Prometheus adds to every sample, and the metric that it makes itself. */
const ofTheScrape = ['instance', 'job'];
const ofPrometheus = 'up';

it('the alert for a process that is down names the job of the prometheus.yml in the docs', () => {
  const [, job] = /job_name: (\w+)/.exec(metricsPage) ?? [];
  expect(rules.find(({ alert }) => alert === 'ProcessDown')?.expr).toBe(`${ofPrometheus}{job="${job}"} == 0`);
});

describe('dashboard, alerts and docs', () => {
  let scrapes: Scrape[];
  beforeAll(async () => void (scrapes = [await parts.postPings().then(fromApi), await fromWorker()]));
  const samplesOf = (name: string) =>
    scrapes.flatMap(({ samples }) => samples).filter((sample) => sample.name === name);
  const ours = () =>
    new Map(
      scrapes
        .flatMap(({ families }) => families)
        .filter(({ name }) => name.startsWith('answerback_'))
        .map(({ name, help }) => [name, help]),
    );

  it('exist', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(expressions.length).toBeGreaterThan(40);
  });

  it.each(expressions)('%s names what a run exports: %s', (_where, expression) => {
    const selectors = selectorsOf(expression);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { name, matchers, groupedBy } of selectors.filter(({ name }) => name !== ofPrometheus)) {
      const samples = samplesOf(name);
      expect(samples.length, `${name} is not exported`).toBeGreaterThan(0);
      for (const label of groupedBy.filter((label) => !ofTheScrape.includes(label))) {
        expect(
          samples.some(({ labels }) => label in labels),
          `${name} has no label ${label}`,
        ).toBe(true);
      }
      for (const { label, operator, value } of matchers.filter(({ label }) => !ofTheScrape.includes(label))) {
        const values = new Set(samples.flatMap(({ labels }) => labels[label] ?? []));
        const named = operator.endsWith('~') ? value.split('|') : [value];
        for (const one of named) expect([...values], `${label} of ${name}`).toContain(one);
      }
    }
  });

  it('no name is declared twice in one scrape, and each of ours says what it is', () => {
    for (const { families } of scrapes)
      expect(families.map(({ name }) => name)).toEqual([...new Set(families.map(({ name }) => name))]);
    for (const [name, help] of ours()) expect(help, name).toMatch(/\.$/);
    for (const name of scrapes.flatMap(({ samples }) => samples.map(({ name }) => name)))
      expect(name).toMatch(/^(answerback|temporal|process|nodejs)_/);
  });

  it('docs/metrics.md has each of our metrics with its labels, and no other', () => {
    const rows = [...metricsPage.matchAll(/^\| `(answerback_\w+)` \|(.*?)\|/gm)].map(
      ([, name = '', labels = '']): [string, string[]] => [
        name,
        [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label as string),
      ],
    );
    expect(rows.map(([name]) => name).sort()).toEqual([...ours().keys()].sort());
    for (const [name, labels] of rows) {
      const exported = new Set(
        ['', '_count', '_bucket']
          .flatMap((suffix) => samplesOf(name + suffix))
          .flatMap((sample) => Object.keys(sample.labels)),
      );
      expect([...exported].filter((label) => label !== 'le').sort(), name).toEqual([...labels].sort());
    }
  });

  it('docs/alerts.md has a section for each alert, which says what to look at and what to do', () => {
    const sections = alertsPage
      .split(/^## /m)
      .slice(1)
      .map((section): [string, string] => [section.split('\n', 1)[0] as string, section]);
    expect(sections.map(([title]) => title)).toEqual(rules.map(({ alert }) => alert));
    for (const [index, { alert, labels, annotations }] of rules.entries()) {
      const look = new RegExp(`\n\n${labels.severity}\\. [^]+\n- Look at: .+\n- Do: .+`);
      expect(sections[index]?.[1], alert).toMatch(look);
      expect(annotations.runbook_url).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
      expect(annotations.summary.length).toBeGreaterThan(10);
    }
  });

  it('no text, no number and no GUID is in any of it', () => {
    for (const { text } of scrapes) expect(text).not.toMatch(/15550001234|Yes, I agree|test-[0-9a-f]{8}|parked-/);
  });
});

it('npm start exports the same, from its one process', { timeout: 120_000 }, async () => {
  const folder = await dataFolder();
  opened.push(folder.remove);
  const env = { ...(await freePorts()), DATA_DIR: folder.path };
  const product = await startBuiltProduct({ ...env, REPLIES_PER_DAY: '1000' });
  opened.push(() => product.stop());
  expect((await postJson(product.webhook, aPost())).status).toBe(200);
  await eventually(
    async () => (await scrape(env.METRICS_PORT)).value('answerback_replies_total', { outcome: 'sent' }) === 1,
  );
  const names = ({ families }: Scrape) =>
    families.map(({ name }) => name).filter((name) => name.startsWith('answerback_'));
  const all = await scrape(env.METRICS_PORT);
  expect(names(all).sort()).toEqual([...new Set([...names(await fromApi()), ...names(await fromWorker())])].sort());
  expect(all.value('answerback_verdicts_total', { label: 'Agree', by: 'rules' })).toBe(1);
  expect(all.value('answerback_temporal_up')).toBe(1);
  expect(await (await fetch(`http://127.0.0.1:${env.METRICS_PORT}/healthz`)).json()).toEqual({ status: 'ok' });
});
