import { withTimeout } from '../process/with-timeout.js';

export interface AskOptions {
  /** How long an answer is reused, in milliseconds, so that many scrapers cost Temporal no more than one. */
  keepMs: number;
  /** How long a scrape waits for Temporal, in milliseconds. */
  withinMs: number;
}

/**
 * Creates a function that asks Temporal, or reuses its last answer. It resolves with undefined when `ask` rejects or
 * takes too long; the next call then asks again.
 */
export function askSeldom<Answer>(
  ask: (withinMs: number) => Promise<Answer>,
  { keepMs, withinMs }: AskOptions,
): () => Promise<Answer | undefined> {
  let latest: Promise<Answer | undefined> | undefined;
  let latestAtMs = -Infinity;

  return () => {
    if (latest && performance.now() - latestAtMs < keepMs) return latest;
    latestAtMs = performance.now();
    const asked = withTimeout(withinMs, ask(withinMs))
      .catch(() => undefined)
      .then((answer) => {
        if (answer === undefined && latest === asked) latest = undefined;
        return answer;
      });
    return (latest = asked);
  };
}
