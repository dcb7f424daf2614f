import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `condition` gives something true, and returns it; fails with the last error or value after the
 * deadline.
 */
export async function eventually<Result>(
  condition: () => Result | Promise<Result>,
  { withinMs = 30_000 } = {},
): Promise<NonNullable<Result>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    let last: unknown;
    try {
      const result = await condition();
      if (result) return result;
      last = result;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`not true within ${withinMs} ms: ${String(condition)}`, { cause: last });
    await sleep(25);
  }
}
