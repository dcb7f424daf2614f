import type Koa from 'koa';
import { Gauge, type Registry } from 'prom-client';
import { createProblemApp, ProblemError } from '../http/problem.js';
import type { Log } from '../log.js';

export interface MetricsAppSettings {
  registry: Registry;
  /** Where the Temporal SDK exports its own. */
  sdkMetricsUrl: URL;
  /** Whether the process does its work, for `GET /readyz`; a process without it has no such path here. */
  isReady?: () => boolean;
  log: Log;
}

/** `GET /metrics`, ours and the SDK's in one answer, `GET /healthz`, which says that the process runs, and `GET /readyz`. */
export function createMetricsApp({ registry, sdkMetricsUrl, isReady, log }: MetricsAppSettings): Koa {
  const paths = ['/metrics', '/healthz', ...(isReady ? ['/readyz'] : [])];
  const sdkUp = new Gauge({ name: 'answerback_sdk_metrics_up', help: "1 when the metrics of Temporal's SDK are in this answer, else 0.", registers: [registry] });
  const app = createProblemApp(log);
  app.use(async (ctx) => {
    if (!paths.includes(ctx.path)) throw new ProblemError('not-found', { detail: `There are only ${paths.join(', ')}.` });
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new ProblemError('method-not-allowed', { headers: { Allow: 'GET, HEAD' } });
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'ok' };
      return;
    }
    if (ctx.path === '/readyz') {
      if (!isReady?.()) throw new ProblemError('not-ready', { detail: 'Not ready: it takes no work from Temporal.' });
      ctx.body = { status: 'ready' };
      return;
    }
    const sdkMetrics = await readSdkMetrics(sdkMetricsUrl);
    sdkUp.set(sdkMetrics === undefined ? 0 : 1);
    ctx.body = `${await registry.metrics()}${sdkMetrics ?? "# Temporal's SDK did not give its metrics\n"}`;
    ctx.set('Content-Type', registry.contentType);
  });
  return app;
}

/** It is in this process: what takes longer does not come. */
const sdkWithinMs = 1_000;

async function readSdkMetrics(url: URL): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(sdkWithinMs) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
