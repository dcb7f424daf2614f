/**
 * What the work brings, or undefined when it takes longer; it goes on all the same, and nobody hears of it.
 *
 * @param withinMs how long it may take, in milliseconds
 * @throws what the work rejects with, in time
 */
export async function before<Result>(withinMs: number, work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, withinMs, undefined)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
