import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
// A CommonJS module: Node's ESM loader can't see its named exports.
import proto from '@temporalio/proto';
import type { Decision, SilenceReason, Verdict } from '../../domain/decision.js';
import type { InboundMessage } from '../../domain/message.js';
import { replyState } from '../../domain/names.js';
import type { RefusedReply } from '../../domain/receipt.js';
import type { Outcome } from '../../workflows/outcome.js';
import { ignoringAbsence } from '../grpc-code.js';
import { openPayload } from '../open-payload.js';
import type { Run, RunState } from './run.js';

/** What the history of a run tells about its message and its reply. */
export interface RunRecord {
  state: RunState;
  /** Its fields are absent when it can't be opened, or when another program started the run. */
  message: Partial<InboundMessage>;
  /** Absent until the text is classified. */
  verdict?: Verdict;
  /** Absent until the reply is sent, skipped or parked. */
  reply?: Outcome['reply'] | 'failed' | 'uncertain';
  /** Why the reply was skipped. */
  reason?: SilenceReason;
  /** False when something in the history is encrypted with a key that is missing. */
  isOpened: boolean;
}

type Event = proto.temporal.api.history.v1.IHistoryEvent;
type Payloads = proto.temporal.api.common.v1.IPayloads;

/** Returns the value in a field of the history; undefined when there is none, or when its key is missing. */
type Open = (payloads: Payloads | null | undefined) => Promise<unknown>;

/**
 * Creates the function that reads the record of a run: its whole history, in one call for most runs. It needs no
 * worker.
 *
 * @returns undefined when Temporal no longer has the run
 */
export function createReadRecord(client: Client) {
  return async ({ workflowId, runId }: Pick<Run, 'workflowId' | 'runId'>): Promise<RunRecord | undefined> => {
    const history = await ignoringAbsence(client.workflow.getHandle(workflowId, runId).fetchHistory());
    if (!history) return undefined;
    let isOpened = true;
    const open: Open = async (payloads) => {
      const payload = payloads?.payloads?.[0];
      return payload && openPayload(client, payload).catch(() => void (isOpened = false));
    };
    const record = await recordIn(history.events ?? [], open);
    return { ...record, isOpened };
  };
}

/** A run of a refused reply has its message in its input. */
function messageIn(input: unknown): Partial<InboundMessage> {
  const { message } = (input ?? {}) as Partial<RefusedReply>;
  return message ?? input ?? {};
}

async function recordIn(events: readonly Event[], open: Open): Promise<Omit<RunRecord, 'isOpened'>> {
  const last = events.at(-1);
  const input = await open(events[0]?.workflowExecutionStartedEventAttributes?.input);
  const message = messageIn(input);
  const completed = last?.workflowExecutionCompletedEventAttributes;
  const outcome = (await open(completed?.result)) as Outcome | undefined;
  const verdict = outcome ? outcome.verdict : await verdictIn(events, open);
  const parkedAs = parkedIn(events);
  const reply = outcome?.reply ?? (completed ? undefined : parkedAs);
  return {
    state: completed ? 'done' : isEnd(last) ? 'ended' : (parkedAs ?? 'running'),
    message,
    ...(verdict && { verdict }),
    ...(reply && { reply }),
    ...(outcome?.reply === 'skipped' && { reason: outcome.reason }),
  };
}

const {
  EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: failed,
  EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: terminated,
  EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: timedOut,
  EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: canceled,
} = proto.temporal.api.enums.v1.EventType;

const isEnd = (last: Event | undefined): boolean =>
  ([failed, terminated, timedOut, canceled] as unknown[]).includes(last?.eventType);

/** Finds the verdict of a run without an outcome in its decision: the result of a local activity or of an activity. */
async function verdictIn(events: readonly Event[], open: Open): Promise<Verdict | undefined> {
  for (const { markerRecordedEventAttributes: local, activityTaskCompletedEventAttributes: remote } of events) {
    const result = (await open(local?.details?.['result'] ?? remote?.result)) as Partial<Decision> | null | undefined;
    if (result?.verdict) return result.verdict;
  }
  return undefined;
}

/** Returns how the reply was parked last. The attribute is removed only when the run ends with an outcome. */
function parkedIn(events: readonly Event[]): 'failed' | 'uncertain' | undefined {
  const values = events.map(
    ({ upsertWorkflowSearchAttributesEventAttributes: changed }) =>
      changed?.searchAttributes?.indexedFields?.[replyState.name],
  );
  const value = values.findLast((one) => one);
  return value ? defaultPayloadConverter.fromPayload(value) : undefined;
}
