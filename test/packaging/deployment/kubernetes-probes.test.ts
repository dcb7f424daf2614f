import { Service } from 'kubernetes-models/v1/Service';
import type { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { freePort } from '../../kit/ports.js';
import { all, containerOf, environmentOf, labelsOf, type Part, parts, resources, workloadOf } from './manifest.js';
import { dataFolder } from '../../kit/data-folder.js';
import { ready, startProgram } from '../../kit/program.js';
import { connectForTest } from '../../helpers/suite-temporal.js';

const portOf = (part: Part, port: string | number | undefined) =>
  containerOf(part).ports?.find(({ name }) => name === port)?.containerPort;

/** A part as its pod runs it, on ports of this machine. */
async function startPod(part: Part): Promise<(port: string | number | undefined) => string> {
  await (await connectForTest()).close(); // its namespace has then what the worker checks
  const data = await dataFolder();
  onTestFinished(data.remove);
  const [webhook, metrics] = [await freePort(), await freePort()];
  const here = {
    HOST: '127.0.0.1',
    PORT: String(webhook),
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: String(metrics),
    DATA_DIR: data.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
  };
  const [program = '', ...args] = containerOf(part).command ?? [];
  const started = startProgram(program, args, { ...environmentOf(part), ...here });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  await ready(started, `"msg":"The ${part} is ready`);
  return (port) => `http://127.0.0.1:${port === 'webhook' ? webhook : metrics}`;
}

describe('ports and probes', () => {
  it('are those that the parts listen on', () => {
    expect(portOf('api', 'webhook')).toBe(loadConfig(environmentOf('api')).port);
    for (const part of parts) expect(portOf(part, 'metrics')).toBe(Number(environmentOf(part)['METRICS_PORT']));
    expect(portOf('worker', 'metrics')).not.toBe(portOf('api', 'metrics'));
  });

  it.each(parts)('of the %s succeed', { timeout: 90_000 }, async (part) => {
    const urlOf = await startPod(part);
    const { startupProbe, livenessProbe, readinessProbe } = containerOf(part);
    const probes = [startupProbe, livenessProbe, readinessProbe, { httpGet: { path: '/metrics', port: 'metrics' } }];
    for (const { httpGet } of probes.filter((probe) => probe !== undefined)) {
      expect(portOf(part, httpGet?.port), `${part} ${httpGet?.path}`).toBeDefined();
      expect((await fetch(urlOf(httpGet?.port) + httpGet?.path)).status, httpGet?.path).toBe(200);
    }
  });

  it.each(parts)('of the %s can be reached from outside the pod', (part) => {
    expect(environmentOf(part)['METRICS_HOST']).toBe('0.0.0.0');
    expect(loadConfig(environmentOf('api')).host).toBe('0.0.0.0');
  });

  it('never end an api because of its disk', () => {
    const { livenessProbe, readinessProbe } = containerOf('api');
    expect(livenessProbe?.httpGet?.path).toBe('/healthz');
    expect(readinessProbe?.httpGet?.path).toBe('/readyz');
  });

  it('tell a rollout when a worker takes work, and never end one because of Temporal', () => {
    const { livenessProbe, readinessProbe } = containerOf('worker');
    expect([livenessProbe?.httpGet?.path, readinessProbe?.httpGet?.path]).toEqual(['/healthz', '/readyz']);
    expect(workloadOf('worker').spec?.minReadySeconds).toBeGreaterThan(0);
  });

  it.each(parts)('let Prometheus find the %s', (part) => {
    const annotations = workloadOf(part).spec?.template.metadata?.annotations;
    expect(annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': environmentOf(part)['METRICS_PORT'],
      'prometheus.io/path': '/metrics',
    });
  });

  it('are where the Services send posts, and never metrics', () => {
    const labels = labelsOf('api');
    for (const { spec } of all(resources, Service)) {
      expect(spec?.selector).toEqual(labels);
      expect(spec?.ports?.map(({ port, targetPort }) => [port, targetPort])).toEqual([[8000, 'webhook']]);
    }
    expect(
      all(resources, Service).find(
        ({ metadata }) => metadata?.name === (workloadOf('api') as StatefulSet).spec?.serviceName,
      )?.spec?.clusterIP,
    ).toBe('None');
  });
});
