/**
 * Calls `work` for each item and yields the results in the order of the items. Up to `maxAtOnce` calls run at once, and
 * no more items are read ahead. After an error, or when the reader stops, no further call begins.
 *
 * @throws the first error, once the calls that run have ended
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  maxAtOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Array<Promise<Result>> = [];
  try {
    for await (const item of items) {
      const call = work(item);
      // Its error is thrown when its turn comes.
      call.catch(() => undefined);
      running.push(call);
      if (running.length === maxAtOnce) yield await (running.shift() as Promise<Result>);
    }
    for (let next = running.shift(); next; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
