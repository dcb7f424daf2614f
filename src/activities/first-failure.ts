import { Context } from '@temporalio/activity';
import { z } from 'zod';

const details = z.object({ firstFailedAtMs: z.number() });

/**
 * Returns when the running activity first failed, in Unix milliseconds: now, unless an earlier attempt failed. Call it
 * in an attempt that is about to fail. The time is kept in the heartbeat details, the only data that an attempt can
 * leave to the next one; the SDK sends them with the failure.
 */
export function firstFailedAtMs(): number {
  const { info, heartbeat } = Context.current();
  const earlier = details.safeParse(info.heartbeatDetails);
  if (earlier.success) return earlier.data.firstFailedAtMs;
  const now = Date.now();
  heartbeat({ firstFailedAtMs: now } satisfies z.infer<typeof details>);
  return now;
}
