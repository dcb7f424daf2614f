import { Context } from '@temporalio/activity';
import { z } from 'zod';

const details = z.object({ firstFailedAtMs: z.number(), wasMaybeSent: z.literal(true).optional() });

/**
 * What the attempts of an activity have left behind, this one included: when the first one failed, in Unix
 * milliseconds, and whether any may have sent something.
 */
export type FailuresSoFar = z.infer<typeof details>;

/** Returns whether an earlier attempt of the running activity may have sent something. */
export const wasMaybeSentBefore = (): boolean =>
  details.safeParse(Context.current().info.heartbeatDetails).data?.wasMaybeSent ?? false;

/**
 * Returns what the attempts of the running activity have left behind. Call it in an attempt that is about to fail. It
 * is kept in the heartbeat details, the only data that an attempt can leave to the next one; the SDK sends them with
 * the failure.
 *
 * @param isMaybeSent whether this attempt may have sent something
 */
export function failuresSoFar(isMaybeSent = false): FailuresSoFar {
  const { info, heartbeat } = Context.current();
  const earlier = details.safeParse(info.heartbeatDetails).data;
  if (earlier && (earlier.wasMaybeSent || !isMaybeSent)) return earlier;
  const soFar: FailuresSoFar = {
    firstFailedAtMs: earlier?.firstFailedAtMs ?? Date.now(),
    ...(isMaybeSent && { wasMaybeSent: true }),
  };
  heartbeat(soFar);
  return soFar;
}
