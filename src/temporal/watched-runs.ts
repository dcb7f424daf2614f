import type { Client } from '@temporalio/client';
import { createRuns, type Runs } from './runs.js';

/** What someone at a screen waits for. */
const deadlineMs = 5_000;

/** The runs of a server that may be away: each question ends within 5 s. */
export function watchRuns(client: () => Promise<Client>, runUrl: (workflowId: string, runId: string) => string): Pick<Runs, 'show' | 'release'> {
  async function ask<Result>(question: (runs: Runs) => Promise<Result>): Promise<Result> {
    const connected = await client();
    return connected.withDeadline(Date.now() + deadlineMs, () => question(createRuns(connected, runUrl)));
  }
  return {
    show: (guid) => ask((runs) => runs.show(guid)),
    release: (guid) => ask((runs) => runs.release(guid)),
  };
}
