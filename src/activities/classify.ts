import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Log, maskNumber } from '../log.js';
import type { InboundMessage, Label, Verdict } from '../message.js';
import { classificationQueue, failureTypes } from '../temporal/contract.js';
import { describeModelError, modelFailure } from './failures.js';
import { firstFailedAtMs } from './first-failure.js';
import type { InTurn } from './in-turn.js';
import { type ModelFault, modelFault } from './model-fault.js';
import type { Model } from './model.js';
import type { CurrentPlaybook } from '../playbook/file.js';
import type { PreparedPlaybook } from '../playbook/prepare.js';

/** Hears of each verdict. */
export interface ClassifyMeasure {
  labelled(label: Label, by: Verdict['by']): void;
  /** The rules labelled a text in the model's place. */
  fellBack(fault: ModelFault): void;
}

export interface ClassifyDependencies {
  /** Absent: rules classify. */
  model?: Model | undefined;
  /** The task queue on which questions to the model wait their turn; absent: it is asked at once. */
  modelOn?: string | undefined;
  /** The task queue on which sends wait their turn; absent: they go out at once. */
  sendsOn?: string | undefined;
  /** Asked anew for each text, so that an edit counts from the next one on. */
  playbook: CurrentPlaybook;
  /** Whether anything is answered at all, and the one text for every label where there is one. */
  autoReply: { enabled: boolean; text: string | undefined };
  /** How long a failed reply waits for an operator. */
  parkMs: number;
  /** Whether texts may stand in the log, at level debug; default: no. */
  logTexts?: boolean;
  /** Aborted when this worker is told to stop, so that the classification runs again elsewhere or later. */
  stopping: AbortSignal;
  /** The address of a run in Temporal Web UI, for the log. */
  runUrl: (workflowId: string, runId: string) => string;
  log: Log;
  /** Default: nobody hears of it. */
  measure?: ClassifyMeasure;
}

/**
 * How long the model is tried before the rules decide, counted from its first failure: a text may have waited long before
 * that, for its turn or for a worker.
 */
export const modelWindowMs = 60_000;

/** Says what a text means and what the playbook answers to it. Settings reach the workflow only through this result. */
export function createClassify({ model, modelOn, sendsOn, playbook, autoReply, parkMs, logTexts = false, stopping, runUrl, log, measure }: ClassifyDependencies) {
  return async function classify(message: InboundMessage): Promise<Verdict | InTurn> {
    const { workflowExecution, taskQueue } = Context.current().info;
    const { workflowId, runId } = workflowExecution ?? { workflowId: 'unknown', runId: 'unknown' };
    if (taskQueue !== classificationQueue) {
      log.info(
        { event: 'message.processing', guid: workflowId, run: runUrl(workflowId, runId) },
        `Processing SMS ${workflowId} from ${maskNumber(message.number)}`,
      );
      if (logTexts) log.debug({ event: 'message.text', guid: workflowId, text: message.text }, `The text of ${workflowId}`);
      if (modelOn !== undefined) return { askOn: modelOn };
    }
    const current = await playbook();
    const { label, by } = model ? await labelByModel(model, current, message.text) : labelByRules(current, message.text);
    log.info({ event: 'message.classified', guid: workflowId, label, by }, `Message classified as: ${label}`);
    measure?.labelled(label, by);
    return { label, by, parkMs, ...(sendsOn !== undefined && { sendsOn }), ...answerFor(current, label, message.text) };
  };

  async function labelByModel(model: Model, current: PreparedPlaybook, text: string): Promise<{ label: Label; by: Verdict['by'] }> {
    const { info, cancellationSignal } = Context.current();
    try {
      return { label: await model(text, current, [stopping, cancellationSignal]), by: 'openai' };
    } catch (error) {
      if (stopping.aborted) throw workerStopping();
      cancellationSignal.throwIfAborted();
      const failure = modelFailure(error, {
        firstFailedAtMs: firstFailedAtMs(),
        windowMs: modelWindowMs,
        longestWaitMs: modelWindowMs,
      });
      if (failure) throw failure;
      log.warn(
        { event: 'model.given-up', guid: info.workflowExecution?.workflowId, attempt: info.attempt },
        `${describeModelError(error)}: the rules decide instead`,
      );
      measure?.fellBack(modelFault(error));
      return labelByRules(current, text);
    }
  }

  function answerFor(current: PreparedPlaybook, label: Label, text: string): { answer: string } | Pick<Extract<Verdict, { answer: null }>, 'answer' | 'silence'> {
    if (!autoReply.enabled) return { answer: null, silence: 'auto-reply-disabled' };
    const answer = autoReply.text ?? current.answerTo(text, label);
    return answer === null ? { answer: null, silence: 'no-answer-for-label' } : { answer };
  }
}

/** To be run again once this worker's polls have ended: they stay open for a second, and a task must not go to them. */
function workerStopping(): ApplicationFailure {
  return ApplicationFailure.create({ message: 'the worker is stopping', type: failureTypes.workerStopping, nextRetryDelay: '2s', category: 'BENIGN' });
}

function labelByRules(current: PreparedPlaybook, text: string): { label: Label; by: Verdict['by'] } {
  return { label: current.labelByRules(text), by: 'rules' };
}
