import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { SilenceReason, Verdict } from '../../domain/decision.js';
import { replyState } from '../../domain/names.js';

/**
 * The state of a message.
 * - `running`: Answerback is working on it.
 * - `failed` and `uncertain`: its reply is parked and waits for an operator.
 * - `done`: the reply was sent or skipped.
 * - `ended`: the run closed without an outcome.
 */
export const runStates = ['running', 'failed', 'uncertain', 'done', 'ended'] as const;
export type RunState = (typeof runStates)[number];

/** The run of one message in Temporal. It holds no text and no number. */
export interface Run {
  workflowId: string;
  runId: string;
  state: RunState;
  /** ISO 8601. */
  startedAt: string;
  /** ISO 8601; absent while the run is open. */
  closedAt?: string;
  /** URL in Temporal Web UI; only a path when the URL of the UI is unknown. */
  url: string;
}

export interface RunDetails extends Run {
  /** Absent until the text is classified, and when no worker responds. */
  verdict?: Pick<Verdict, 'label' | 'by'>;
  /** The outcome of the reply, once the run is done. */
  outcome?:
    | { reply: 'sent' | 'delivered'; gatewayMessageId?: string; by?: 'operator' }
    | { reply: 'skipped'; reason: SilenceReason };
  /** The error of the last failed send, or the reason why the run ended. */
  lastFailure?: string;
  /** ISO 8601. */
  lastFailureAt?: string;
  /** Number of tries at the gateway up to the last failure. */
  tries?: number;
  /** The activity that Temporal is retrying, and when it runs next. */
  retrying?: { activity: string; attempt: number; nextAt?: string };
}

/** Summarizes a run from what Temporal describes or lists. `runUrlOf` creates `runUrl`. */
export function summarize(
  { workflowId, runId, status, startTime, closeTime, typedSearchAttributes }: Omit<WorkflowExecutionInfo, 'raw'>,
  runUrl: (workflowId: string, runId: string) => string,
): Run {
  const parked = typedSearchAttributes.get(replyState) as 'failed' | 'uncertain' | undefined;
  const open = status.name === 'RUNNING' ? (parked ?? 'running') : undefined;
  return {
    workflowId,
    runId,
    state: open ?? (status.name === 'COMPLETED' ? 'done' : 'ended'),
    startedAt: startTime.toISOString(),
    ...(closeTime && { closedAt: closeTime.toISOString() }),
    url: runUrl(workflowId, runId),
  };
}
