import { withTimeout } from '../process/with-timeout.js';

export interface AskOptions {
  /** How long a response is reused, in milliseconds, so that many scrapers cost Temporal no more than one. */
  keepMs: number;
  /** How long a scrape waits for Temporal, in milliseconds. */
  withinMs: number;
}

/**
 * Creates a function that asks Temporal, or reuses its last response. It resolves with undefined when `ask` rejects or
 * takes too long; the next call then asks again.
 */
export function askSeldom<Response>(
  ask: (withinMs: number) => Promise<Response>,
  { keepMs, withinMs }: AskOptions,
): () => Promise<Response | undefined> {
  let latest: Promise<Response | undefined> | undefined;
  let latestAtMs = -Infinity;

  return () => {
    if (latest && performance.now() - latestAtMs < keepMs) return latest;
    latestAtMs = performance.now();
    const asked = withTimeout(withinMs, ask(withinMs))
      .catch(() => undefined)
      .then((response) => {
        if (response === undefined && latest === asked) latest = undefined;
        return response;
      });
    return (latest = asked);
  };
}
