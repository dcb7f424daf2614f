import { keyInUse } from '../domain/names.js';
import type { PayloadKey } from '../secrets/keyring.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import { leaveMarker, type Temporal, withMarkers } from './marker.js';
import { messageRuns } from './message-runs.js';

/**
 * How often one key may seal with random nonces of 96 bits: NIST SP 800-38D, section 8.3. Every place has a key of its
 * own (src/secrets/keyring.ts), and Temporal's seals the most.
 */
export const maxSeals = 2 ** 32;

/** How many payloads a message makes the processes seal for Temporal, with a margin for retries and operators. */
export const sealsPerMessage = 20;

/** The runs of this time are counted. A namespace keeps them for longer, unless ACCEPT_SHORT_RETENTION is set. */
const countedMs = 7 * 86_400_000;

/** Since when a key seals, and about how often it has. */
export interface KeyUse {
  sinceMs: number;
  seals: number;
}

/** Records in Temporal that this key seals from now on, unless that is recorded. Undefined: nothing is sealed. */
export async function recordKeyInUse(temporal: Temporal, key: Pick<PayloadKey, 'id'> | undefined): Promise<void> {
  if (!key) return;
  const { workflowType, taskQueue } = keyInUse;
  await leaveMarker(temporal, { workflowId: keyInUse.workflowIdOf(key.id), workflowType, taskQueue });
}

/** Estimates how often a key has sealed. Undefined: its use isn't recorded. */
export function inspectKeyInUse(temporal: Temporal, { id }: Pick<PayloadKey, 'id'>): Promise<KeyUse | undefined> {
  return ignoringNoRun(() =>
    withMarkers(temporal, async (client) => {
      const { startTime } = await client.workflow.getHandle(keyInUse.workflowIdOf(id)).describe();
      const sinceMs = startTime.getTime();
      const ageMs = Math.max(Date.now() - sinceMs, 1);
      const countedFrom = new Date(Date.now() - Math.min(ageMs, countedMs)).toISOString();
      const { count } = await client.workflow.count(`${messageRuns} AND StartTime >= '${countedFrom}'`);
      return { sinceMs, seals: estimateSeals(count, ageMs) };
    }),
  );
}

/**
 * Takes the last 7 days for all days since the first use.
 *
 * @param messages those of the last 7 days, or since the key's first use if that is later
 */
export function estimateSeals(messages: number, ageMs: number): number {
  return Math.round(sealsPerMessage * messages * Math.max(ageMs / countedMs, 1));
}
