import type { Client } from '@temporalio/client';

/** Time limit of each call: a user waits for it at a screen. */
const deadlineMs = 5_000;

/** Connects when needed, and makes calls to a server that may be down: they end within 5 s. */
export async function withinDeadline<Result>(
  client: () => Promise<Client>,
  calls: (connected: Client) => Promise<Result>,
): Promise<Result> {
  const connected = await client();
  return connected.withDeadline(Date.now() + deadlineMs, () => calls(connected));
}
