import type { Client } from '@temporalio/client';
import { grpcCode, grpcCodeOf } from './grpc-code.js';
import { createRuns } from './runs.js';

/** With these a server that is well says that it will not count. Others mean that there is none, or one that serves none of us. */
const refusals: ReadonlySet<number | undefined> = new Set(Object.values(grpcCode));

/**
 * Counts the parked replies of a namespace; undefined where Temporal answers but does not count: a permission, a rate limit,
 * a search attribute that is not there. Rejects while it does not answer within `withinMs`, in milliseconds.
 */
export function countParkedOf(connected: () => Promise<Client>) {
  return async (state: 'failed' | 'uncertain', withinMs: number): Promise<number | undefined> => {
    const client = await connected();
    try {
      return await client.withDeadline(Date.now() + withinMs, () => createRuns(client, () => '').count(state));
    } catch (error) {
      if (refusals.has(grpcCodeOf(error))) return undefined;
      throw error;
    }
  };
}
