import { createServer, type AddressInfo } from 'node:net';
import { IllegalStateError, TemporalFailure } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, type PrometheusMetricsExporter, Runtime } from '@temporalio/worker';
import type { Log } from '../log.js';

/**
 * Sets up the SDK's native part once a process, before the first connection: it takes no signals (the mains stop things in
 * order), logs through our log, and at a stop keeps its polls open for a moment, since server 1.29 cannot end them by itself
 * and would hand a task to a worker that is gone.
 */
export function prepareRuntime(log: Log, { metricsPort }: { metricsPort?: number } = {}): void {
  process.env['TEMPORAL_POLL_SHUTDOWN_INTERRUPT_WAIT_MS'] ??= '1000';
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // What our activities throw is logged where it is thrown, and what becomes of a run is its result.
      if (meta?.['error'] instanceof TemporalFailure) return;
      const write = level === 'ERROR' ? log.error : log.warn;
      write.call(log, { event: 'temporal.sdk', workflowId: meta?.['workflowId'] as unknown, error: errorOf(meta?.['error']) }, message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
      ...(metricsPort !== undefined && { metrics: { prometheus: prometheusOn(metricsPort) } }),
    },
  });
}

/** Another program may take a port between our look at it and the SDK's. */
const portTries = 5;

/** One for the process, as the runtime is. */
let measured: { log: Log; url: URL } | undefined;

/** The same, with the SDK's own metrics on a free port of 127.0.0.1. Returns where they are, which {@link renewRuntime} may change. */
export async function prepareMeasuredRuntime(log: Log): Promise<URL> {
  const url = new URL('http://127.0.0.1/metrics');
  await installOnFreePort({ log, url });
  measured = { log, url };
  return url;
}

/**
 * To be called before each connection. The SDK ends its runtime with a connection that cannot be made while there is no other,
 * and would begin the next one with the same port, which another program may have taken by then.
 */
export async function renewRuntime(): Promise<void> {
  if (measured) await installOnFreePort(measured).catch(unlessItRuns);
}

async function installOnFreePort({ log, url }: { log: Log; url: URL }): Promise<void> {
  for (let tries = 1; ; tries++) {
    const metricsPort = await freePort();
    try {
      prepareRuntime(log, { metricsPort });
      url.port = String(metricsPort);
      return;
    } catch (error) {
      if (tries === portTries || !String(error).includes('Address already in use')) throw error;
    }
  }
}

function unlessItRuns(error: unknown): void {
  if (!(error instanceof IllegalStateError)) throw error;
}

function prometheusOn(port: number): PrometheusMetricsExporter['prometheus'] {
  return { bindAddress: `127.0.0.1:${port}`, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function errorOf(error: unknown): string | undefined {
  return error instanceof Error ? `${error.name}: ${error.message}` : undefined;
}
