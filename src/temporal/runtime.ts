import { TemporalFailure } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Log } from '../log.js';

/**
 * Sets up the SDK's native part once a process, before the first connection: it takes no signals (the mains stop things in
 * order), logs through our log, and at a stop keeps its polls open for a moment, since server 1.29 cannot end them by itself
 * and would hand a task to a worker that is gone.
 */
export function prepareRuntime(log: Log): void {
  process.env['TEMPORAL_POLL_SHUTDOWN_INTERRUPT_WAIT_MS'] ??= '1000';
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // What our activities throw is logged where it is thrown, and what becomes of a run is its result.
      if (meta?.['error'] instanceof TemporalFailure) return;
      const write = level === 'ERROR' ? log.error : log.warn;
      write.call(log, { event: 'temporal.sdk', workflowId: meta?.['workflowId'] as unknown, error: errorOf(meta?.['error']) }, message);
    }),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}

function errorOf(error: unknown): string | undefined {
  return error instanceof Error ? `${error.name}: ${error.message}` : undefined;
}
