/**
 * Makes calls of `work` one at a time. Calls during another one wait together for one more, so each call sees what was
 * true when it was made.
 *
 * @param work never rejects
 */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function call(): Promise<void> {
    if (running) {
      next ??= running.then(() => {
        next = undefined;
        return call();
      });
      return next;
    }
    running = work().finally(() => (running = undefined));
    return running;
  }
  return call;
}
