import type { Client } from '@temporalio/client';
import { grpcCode, grpcCodeOf } from '../grpc-code.js';
import { createRuns } from './runs.js';

/** A healthy server refuses the count with one of these codes. Any other error means that Temporal can't serve us. */
const refusals: ReadonlySet<number | undefined> = new Set(Object.values(grpcCode));

/**
 * Creates a function that counts the parked replies of a namespace. It resolves with undefined when Temporal refuses
 * the count, for example because of a permission, a rate limit or a missing search attribute. It rejects when Temporal
 * doesn't respond within `withinMs` milliseconds.
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
