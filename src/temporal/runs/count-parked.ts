import type { Client } from '@temporalio/client';
import { ignoringRefusal } from '../grpc-code.js';
import { createRuns } from './runs.js';

/**
 * Creates a function that counts the parked replies of a namespace. It resolves with undefined when Temporal refuses
 * the count. It rejects when Temporal doesn't respond within `withinMs` milliseconds.
 */
export function countParkedOf(connected: () => Promise<Client>) {
  return async (state: 'failed' | 'uncertain', withinMs: number): Promise<number | undefined> => {
    const client = await connected();
    return ignoringRefusal(client.withDeadline(Date.now() + withinMs, () => createRuns(client, () => '').count(state)));
  };
}
