import { Context } from '@temporalio/activity';
import { z } from 'zod';

const details = z.object({ firstFailedAtMs: z.number() });

/**
 * When the running activity first failed, in Unix milliseconds: now, unless an attempt before has. Called by an attempt that
 * is about to fail. Temporal keeps it as heartbeat details, the one thing an attempt can leave to the next, and the SDK sends
 * those along with the failure.
 */
export function firstFailedAtMs(): number {
  const { info, heartbeat } = Context.current();
  const before = details.safeParse(info.heartbeatDetails);
  if (before.success) return before.data.firstFailedAtMs;
  const now = Date.now();
  heartbeat({ firstFailedAtMs: now } satisfies z.infer<typeof details>);
  return now;
}
