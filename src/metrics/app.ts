import type Koa from 'koa';
import { Gauge, type Registry } from 'prom-client';
import { createProblemApp, ProblemError } from '../http/problem.js';
import type { Log } from '../log/log.js';

export interface MetricsAppOptions {
  registry: Registry;
  /** Where the Temporal SDK exports its own metrics. */
  sdkMetricsUrl: URL;
  /** Returns true while the process takes work. Default: there is no `GET /readyz`. */
  isReady?: () => boolean;
  log: Log;
}

/**
 * Creates the app of the metrics listener: `GET /metrics` (our metrics and the SDK's), `GET /healthz` (the process
 * runs) and `GET /readyz` (the process takes work).
 */
export function createMetricsApp({ registry, sdkMetricsUrl, isReady, log }: MetricsAppOptions): Koa {
  const paths = ['/metrics', '/healthz', ...(isReady ? ['/readyz'] : [])];
  const sdkUp = new Gauge({
    name: 'answerback_sdk_metrics_up',
    help: "1 when this response includes the metrics of Temporal's SDK, else 0.",
    registers: [registry],
  });
  const app = createProblemApp(log);
  app.use(async (ctx) => {
    if (!paths.includes(ctx.path))
      throw new ProblemError('not-found', { detail: `There are only ${paths.join(', ')}.` });
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD')
      throw new ProblemError('method-not-allowed', { headers: { Allow: 'GET, HEAD' } });
    if (ctx.path === '/healthz') {
      ctx.body = { status: 'ok' };
      return;
    }
    if (ctx.path === '/readyz') {
      if (!isReady?.())
        throw new ProblemError('not-ready', {
          detail: 'The worker is not ready: it does not take work from Temporal.',
        });
      ctx.body = { status: 'ready' };
      return;
    }
    const sdkMetrics = await readSdkMetrics(sdkMetricsUrl);
    sdkUp.set(sdkMetrics === undefined ? 0 : 1);
    ctx.body = `${await registry.metrics()}${sdkMetrics ?? "# The metrics of Temporal's SDK could not be read\n"}`;
    ctx.set('Content-Type', registry.contentType);
  });
  return app;
}

/** The SDK runs in this process: a response that takes longer will not come. */
const sdkTimeoutMs = 1_000;

async function readSdkMetrics(url: URL): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(sdkTimeoutMs) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
