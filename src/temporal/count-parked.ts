import type { Client } from '@temporalio/client';
import { createRuns } from './runs.js';

/** How long one count may take, in milliseconds; there is no deadline without this. */
const countWithinMs = 2_000;

/** Counts the parked replies of a namespace; rejects while Temporal does not answer. */
export function countParkedOf(connected: () => Promise<Client>) {
  return async (state: 'failed' | 'uncertain'): Promise<number> => {
    const client = await connected();
    return client.withDeadline(Date.now() + countWithinMs, () => createRuns(client, () => '').count(state));
  };
}
