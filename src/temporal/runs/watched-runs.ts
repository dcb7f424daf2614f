import type { Client } from '@temporalio/client';
import { createRuns, type Runs } from './runs.js';

/** Time limit of each call: a user waits for it at a screen. */
const deadlineMs = 5_000;

/** Creates `show` and `release` for a server that may be down: each call ends within 5 s. */
export function watchRuns(
  client: () => Promise<Client>,
  runUrl: (workflowId: string, runId: string) => string,
): Pick<Runs, 'show' | 'release'> {
  async function withinDeadline<Result>(call: (runs: Runs) => Promise<Result>): Promise<Result> {
    const connected = await client();
    return connected.withDeadline(Date.now() + deadlineMs, () => call(createRuns(connected, runUrl)));
  }
  return {
    show: (guid) => withinDeadline((runs) => runs.show(guid)),
    release: (guid) => withinDeadline((runs) => runs.release(guid)),
  };
}
