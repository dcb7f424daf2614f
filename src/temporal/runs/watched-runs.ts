import type { Client } from '@temporalio/client';
import { withinDeadline } from '../within-deadline.js';
import { createRuns, type Runs } from './runs.js';

/** Creates `show` and `release` for a server that may be down: each call ends within 5 s. */
export function watchRuns(
  client: () => Promise<Client>,
  runUrl: (workflowId: string, runId: string) => string,
): Pick<Runs, 'show' | 'release'> {
  const within = <Result>(call: (runs: Runs) => Promise<Result>) =>
    withinDeadline(client, (connected) => call(createRuns(connected, runUrl)));
  return {
    show: (guid) => within((runs) => runs.show(guid)),
    release: (guid) => within((runs) => runs.release(guid)),
  };
}
