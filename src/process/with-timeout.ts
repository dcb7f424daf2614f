/**
 * Resolves with the result of `work`, or with undefined after `withinMs` milliseconds. The work isn't cancelled; its
 * late outcome is ignored.
 *
 * @throws the error of `work`, when it rejects in time
 */
export async function withTimeout<Result>(withinMs: number, work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, withinMs, undefined)));
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
