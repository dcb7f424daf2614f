import type { Client } from '@temporalio/client';
import { withTimeout } from '../process/with-timeout.js';

/** Time limit of calls that a user waits for at a screen. */
const userDeadlineMs = 5_000;

/**
 * Connects when needed, and makes calls to a server that may be down or hang: together they end within the deadline.
 *
 * @throws an error of a call, or one that says that the deadline has passed
 */
export async function withinDeadline<Result>(
  client: () => Promise<Client>,
  calls: (connected: Client) => Promise<Result>,
  deadlineMs = userDeadlineMs,
): Promise<Result> {
  const connected = await client();
  const made = connected.withDeadline(Date.now() + deadlineMs, () => calls(connected));
  // The SDK repeats a call that is refused, also when its deadline has passed.
  const outcome = await withTimeout(
    deadlineMs,
    made.then((result) => ({ result })),
  );
  if (!outcome) throw new Error(`Temporal did not respond within ${deadlineMs / 1_000} s`);
  return outcome.result;
}
