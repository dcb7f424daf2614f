import type { RunDetails } from '../../temporal/runs/run.js';

export interface RunPollerOptions {
  show: (guid: string) => Promise<RunDetails | undefined>;
  /** True while a page is open; otherwise Temporal isn't polled. */
  isWatched: () => boolean;
  /** Called when a run has changed. */
  onRun: (guid: string, run: RunDetails) => void;
  /** Called after each request to Temporal, with a problem when it failed. */
  onResponse: (problem?: string) => void;
}

/** A run is polled after a quarter of the time since its last change, but within these limits. */
const minWaitMs = 300;
const maxWaitMs = 30_000;

interface PolledRun {
  /** The last state as JSON. */
  seen: string;
  changedAtMs: number;
  isRequesting: boolean;
  timer?: NodeJS.Timeout;
}

/** Polls Temporal for the runs of texts until they end, with one request per run at a time. */
export function createRunPoller({ show, isWatched, onRun, onResponse }: RunPollerOptions) {
  const polled = new Map<string, PolledRun>();

  function forget(guid: string): void {
    clearTimeout(polled.get(guid)?.timer);
    polled.delete(guid);
  }

  async function poll(guid: string, one: PolledRun): Promise<void> {
    clearTimeout(one.timer);
    if (one.isRequesting) return;
    one.isRequesting = true;
    try {
      const run = isWatched() ? await show(guid) : undefined;
      if (polled.get(guid) !== one) return;
      if (isWatched()) onResponse();
      if (run) note(guid, one, run);
    } catch (error) {
      if (polled.has(guid)) onResponse(error instanceof Error ? error.message : String(error));
    } finally {
      one.isRequesting = false;
    }
    if (polled.get(guid) !== one) return;
    const waitMs = Math.min(Math.max((performance.now() - one.changedAtMs) / 4, minWaitMs), maxWaitMs);
    one.timer = setTimeout(() => void poll(guid, one), waitMs).unref();
  }

  function note(guid: string, one: PolledRun, run: RunDetails): void {
    const seen = JSON.stringify(run);
    if (seen !== one.seen) {
      one.seen = seen;
      one.changedAtMs = performance.now();
      onRun(guid, run);
    }
    if (run.state === 'done' || run.state === 'ended') forget(guid);
  }

  function pollNow(guid: string, one: PolledRun): void {
    one.changedAtMs = performance.now();
    void poll(guid, one);
  }

  return {
    follow(guid: string): void {
      if (polled.has(guid)) return;
      const one: PolledRun = { seen: '', changedAtMs: performance.now(), isRequesting: false };
      polled.set(guid, one);
      void poll(guid, one);
    },
    /** Polls a run at once, because it probably changed. */
    hurry(guid: string): void {
      const one = polled.get(guid);
      if (one) pollNow(guid, one);
    },
    hurryAll(): void {
      for (const [guid, one] of polled) pollNow(guid, one);
    },
    forget,
    close(): void {
      for (const guid of polled.keys()) forget(guid);
    },
  };
}
