import { ProblemError } from '../../http/problem.js';
import type { Runs } from '../../temporal/runs/runs.js';
import type { Conversations } from './conversations.js';
import { createRunPoller } from './run-poller.js';

export interface ShownRunsOptions {
  runs: Pick<Runs, 'show' | 'release'>;
  conversations: Conversations;
  /** True while a page is open. */
  isWatched: () => boolean;
  /** Called when a run of this sender has changed. */
  onChanged: (sender: string) => void;
  /** Called when Temporal stops responding, with the problem, and when it responds again. */
  onTemporal: (problem?: string) => void;
}

/** Keeps the runs of the written texts up to date, and releases parked replies. */
export function createShownRuns({ runs, conversations, isWatched, onChanged, onTemporal }: ShownRunsOptions) {
  let temporalProblem: string | undefined;
  const poller = createRunPoller({
    show: runs.show,
    isWatched,
    onRun(guid, run) {
      conversations.change(guid, { run });
      const entry = conversations.written(guid);
      if (entry) onChanged(entry.sender);
    },
    onResponse(problem) {
      if (problem === temporalProblem) return;
      temporalProblem = problem;
      onTemporal(problem);
    },
  });

  return {
    get temporalProblem() {
      return temporalProblem;
    },
    ...poller,
    /** Polls the runs of a sender at once. */
    hurrySender(sender: string): void {
      for (const entry of conversations.entries()) if (entry.sender === sender) poller.hurry(entry.id);
    },
    /** @throws {ProblemError} 404 when the text was dropped, 503 when Temporal does not respond */
    release: async (guid: string): Promise<void> => {
      const { run } = conversations.writtenOr404(guid);
      await runs.release(guid).catch((error: unknown) => {
        throw new ProblemError('temporal-away', {
          detail: `The reply could not be released: ${error instanceof Error ? error.message : String(error)}`,
        });
      });
      if (run?.lastFailureAt !== undefined) conversations.change(guid, { releasedAfter: run.lastFailureAt });
      poller.hurry(guid);
    },
  };
}
