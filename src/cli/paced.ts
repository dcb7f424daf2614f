import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls `work` for each item: at most `perSecond` calls begin in a second, and `maxAtOnce` run at once. After an error
 * no further call begins.
 *
 * @throws the first error, once the calls that run have ended
 */
export async function paced<Item>(
  items: readonly Item[],
  { perSecond, maxAtOnce }: { perSecond: number; maxAtOnce: number },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const startedAtMs = performance.now();
  let next = 0;
  let hasFailed = false;
  async function run(): Promise<void> {
    for (let index = next++; index < items.length && !hasFailed; index = next++) {
      await sleep(Math.max(0, startedAtMs + (index * 1_000) / perSecond - performance.now()));
      try {
        if (!hasFailed) await work(items[index] as Item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  const runs = await Promise.allSettled(Array.from({ length: maxAtOnce }, run));
  const failed = runs.find((one): one is PromiseRejectedResult => one.status === 'rejected');
  if (failed) throw failed.reason;
}
