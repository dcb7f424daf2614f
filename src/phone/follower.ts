import type { RunDetails } from '../temporal/runs.js';

export interface FollowerSettings {
  show: (guid: string) => Promise<RunDetails | undefined>;
  /** Whether somebody looks; nobody else is worth a question. */
  isWatched: () => boolean;
  /** Called when a run is not as it was. */
  onRun: (guid: string, run: RunDetails) => void;
  /** Called after each question: without a problem when Temporal answered it. */
  onAnswer: (problem?: string) => void;
}

/** A run is asked for again after a quarter of the time for which it has not changed, between these. */
const shortestWaitMs = 300;
const longestWaitMs = 30_000;

interface Followed {
  seen: string;
  changedAtMs: number;
  asking: boolean;
  timer?: NodeJS.Timeout;
}

/** Asks Temporal what becomes of texts, one question a text at a time, until it is known. */
export function createFollower({ show, isWatched, onRun, onAnswer }: FollowerSettings) {
  const followed = new Map<string, Followed>();

  function forget(guid: string): void {
    clearTimeout(followed.get(guid)?.timer);
    followed.delete(guid);
  }

  async function ask(guid: string, one: Followed): Promise<void> {
    clearTimeout(one.timer);
    if (one.asking) return;
    one.asking = true;
    try {
      const run = isWatched() ? await show(guid) : undefined;
      if (followed.get(guid) !== one) return;
      if (isWatched()) onAnswer();
      if (run) note(guid, one, run);
    } catch (error) {
      if (followed.has(guid)) onAnswer(error instanceof Error ? error.message : String(error));
    } finally {
      one.asking = false;
    }
    if (followed.get(guid) !== one) return;
    const waitMs = Math.min(Math.max((performance.now() - one.changedAtMs) / 4, shortestWaitMs), longestWaitMs);
    one.timer = setTimeout(() => void ask(guid, one), waitMs).unref();
  }

  function note(guid: string, one: Followed, run: RunDetails): void {
    const seen = JSON.stringify(run);
    if (seen !== one.seen) {
      one.seen = seen;
      one.changedAtMs = performance.now();
      onRun(guid, run);
    }
    if (run.state === 'done' || run.state === 'ended') forget(guid);
  }

  function hurryOne(guid: string, one: Followed): void {
    one.changedAtMs = performance.now();
    void ask(guid, one);
  }

  return {
    follow(guid: string): void {
      if (followed.has(guid)) return;
      const one: Followed = { seen: '', changedAtMs: performance.now(), asking: false };
      followed.set(guid, one);
      void ask(guid, one);
    },
    /** Something has happened: asks at once. */
    hurry(guid: string): void {
      const one = followed.get(guid);
      if (one) hurryOne(guid, one);
    },
    hurryAll(): void {
      for (const [guid, one] of followed) hurryOne(guid, one);
    },
    forget,
    close(): void {
      for (const guid of followed.keys()) forget(guid);
    },
  };
}
