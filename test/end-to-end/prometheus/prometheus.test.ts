import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../kit/eventually.js';
import { filledIn, panelExpressions, rules } from '../../metrics/deployed.js';
import { startApiAndWorker } from '../../metrics/exporting-processes.js';
import { closeAtEnd, opened } from '../../metrics/opened.js';
import { metricsOf } from '../../metrics/promql.js';
import { bringTrouble, startTexts } from './busy-day.js';
import { isWithoutPrometheus, type Prometheus, startPrometheus } from './prometheus.js';

closeAtEnd();

describe.skipIf(isWithoutPrometheus)('Debian’s Prometheus scrapes an api and a worker under load', () => {
  let prometheus: Prometheus;
  let instances: string[];

  beforeAll(async () => {
    const parts = await startApiAndWorker();
    instances = [parts.api, parts.worker].map((port) => `127.0.0.1:${port}`);
    prometheus = await startPrometheus(instances);
    opened.push(prometheus.stop);
    // A rate needs what was before.
    await eventually(async () => (await prometheus.query('answerback_build_info')).length === 2);
    await bringTrouble(parts);
    opened.push(startTexts(parts));
  }, 300_000);

  const hasNumber = async (expression: string) =>
    (await prometheus.query(expression)).some(({ value: [, value] }) => Number.isFinite(Number(value)));

  /** What no target exports has no data, whatever stands around it. */
  async function expectExported(expression: string): Promise<void> {
    for (const metric of metricsOf(expression))
      await eventually(async () => (await prometheus.query(metric)).length > 0).catch(() =>
        expect.fail(`no target exports ${metric}`),
      );
  }

  it('the list of processes on the dashboard has both', async () => {
    expect((await prometheus.labelValues('instance', 'answerback_build_info')).sort()).toEqual([...instances].sort());
  });

  it.each(panelExpressions)('panel "%s" has data: %s', async (_title, expression) => {
    const asked = filledIn(expression, `(${instances.join('|').replaceAll('.', '\\\\.')})`);
    await expectExported(asked);
    await eventually(() => hasNumber(asked));
  });

  it.each(rules)('alert $alert can be evaluated: $expr', async ({ expr }) => {
    await expectExported(expr);
    // It fails when the expression can't be evaluated.
    await prometheus.query(expr);
  });

  it('every rule is loaded and healthy', async () => {
    await eventually(async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'));
    const loaded = await prometheus.rules();
    expect(loaded.map(({ name }) => name)).toEqual(rules.map(({ alert }) => alert));
    expect(loaded.filter(({ health, lastError }) => health !== 'ok' || lastError !== undefined)).toEqual([]);
  });

  it('parked replies, a dead phone and bad posts raise their alerts', async () => {
    const of = async (name: string) =>
      (await prometheus.alerts()).find(({ labels }) => labels['alertname'] === name) ?? expect.fail(`no ${name}`);
    for (const name of ['RepliesFailed', 'RepliesUncertain', 'PhoneDead'])
      expect(await eventually(() => of(name))).toMatchObject({
        state: expect.stringMatching(/^(pending|firing)$/) as string,
      });
    const firing = await eventually(async () => {
      const alert = await of('QuarantineGrowing');
      return alert.state === 'firing' && alert;
    });
    expect(firing).toMatchObject({
      labels: { severity: 'ticket', instance: instances[0] },
      annotations: { summary: expect.stringMatching(/rejected within an hour: \d+/) as string },
    });
    for (const { annotations } of await prometheus.alerts())
      for (const text of Object.values(annotations)) expect(text).not.toContain('<error');
  });
});
