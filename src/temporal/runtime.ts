import { createServer, type AddressInfo } from 'node:net';
import { IllegalStateError, TemporalFailure } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, type PrometheusMetricsExporter, Runtime } from '@temporalio/worker';
import { stopWaits } from '../domain/waiting.js';
import type { Log } from '../log/log.js';

/**
 * Sets up the SDK's native runtime, once per process and before the first connection:
 * - It handles no signals, because the mains stop everything in order.
 * - It writes to our log.
 * - At a stop it keeps the polls for workflow tasks open for 3 s. Server 1.29 can't end them, and a task that it hands
 *   out while a poll is cancelled is late by 10 s. Our servers end each poll after 2 s
 *   (`matching.longPollExpirationInterval`). The polls for activities end before: see `PollSlots`.
 */
export function prepareRuntime(log: Log, { metricsPort }: { metricsPort?: number } = {}): void {
  process.env['TEMPORAL_POLL_SHUTDOWN_INTERRUPT_WAIT_MS'] ??= String(stopWaits.pollsMs);
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // Our activities log their own errors, and a run reports its outcome as its result.
      if (meta?.['error'] instanceof TemporalFailure) return;
      if (message === withoutWorkflows) return;
      const fields = { workflowId: meta?.['workflowId'] as unknown, error: errorOf(meta?.['error']) };
      if (level === 'ERROR') log.error({ event: 'sdk.failed', ...fields }, message);
      else log.warn({ event: 'sdk.warned', ...fields }, message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
      ...(metricsPort !== undefined && { metrics: { prometheus: prometheusOn(metricsPort) } }),
    },
  });
}

/** The SDK warns of this when a worker runs only activities, as those of the sends and of the model do. */
const withoutWorkflows = 'No workflows registered, not polling for workflow tasks';

/** Another program can take the port between our check and the SDK's bind. */
const maxPortTries = 5;

/** Set once per process, like the runtime. */
let measured: { log: Log; url: URL } | undefined;

/**
 * Sets up the runtime as {@link prepareRuntime} does, and exports the SDK's metrics on a free port of 127.0.0.1.
 * Returns their URL; {@link renewRuntime} may change its port.
 */
export async function prepareMeasuredRuntime(log: Log): Promise<URL> {
  const url = new URL('http://127.0.0.1/metrics');
  await installOnFreePort({ log, url });
  measured = { log, url };
  return url;
}

/**
 * Prepares the runtime for the next connection; call it before each one. When a connection fails and there is no other,
 * the SDK ends its runtime. It would start the next one on the same port, which another program may have taken by then.
 */
export async function renewRuntime(): Promise<void> {
  if (measured) await installOnFreePort(measured).catch(ignoreAlreadyInstalled);
}

async function installOnFreePort({ log, url }: { log: Log; url: URL }): Promise<void> {
  for (let tries = 1; ; tries++) {
    const metricsPort = await freePort();
    try {
      prepareRuntime(log, { metricsPort });
      url.port = String(metricsPort);
      return;
    } catch (error) {
      if (tries === maxPortTries || !String(error).includes('Address already in use')) throw error;
    }
  }
}

function ignoreAlreadyInstalled(error: unknown): void {
  if (!(error instanceof IllegalStateError)) throw error;
}

function prometheusOn(port: number): PrometheusMetricsExporter['prometheus'] {
  return {
    bindAddress: `127.0.0.1:${port}`,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
  };
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
