import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Verdict } from '../domain/decision.js';
import { failureTypes } from '../domain/names.js';
import { modelRetryForMs } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import type { CompiledPlaybook } from '../playbook/compile.js';
import { describeModelError, modelFailure } from './failures.js';
import { failuresSoFar } from './failures-so-far.js';
import { labelByRules } from './label-by-rules.js';
import type { Model } from './model.js';
import { type ModelFault, modelFault } from './model-fault.js';

export interface LabelByModelOptions {
  model: Model;
  /** Aborted when this worker stops; the activity then runs again on another worker or later. */
  stopping: AbortSignal;
  log: Log;
  /** Called when the model failed and the rules label the text. */
  onFellBack: (fault: ModelFault) => void;
}

/** Creates the function that labels a text by the model, and by the rules when the model failed and is not retried. */
export function createLabelByModel({ model, stopping, log, onFellBack }: LabelByModelOptions) {
  return async function labelByModel(current: CompiledPlaybook, text: string): Promise<Verdict> {
    const { info, cancellationSignal } = Context.current();
    try {
      return { label: await model(text, current, [stopping, cancellationSignal]), by: 'openai' };
    } catch (error) {
      if (stopping.aborted) throw workerStopping();
      cancellationSignal.throwIfAborted();
      const failure = modelFailure(error, {
        firstFailedAtMs: failuresSoFar().firstFailedAtMs,
        windowMs: modelRetryForMs,
        maxWaitMs: modelRetryForMs,
      });
      if (failure) throw failure;
      const fault = modelFault(error);
      log.warn(
        { event: 'model.given-up', guid: info.workflowExecution?.workflowId, attempt: info.attempt, fault },
        `${describeModelError(error)}: the rules classify the message instead`,
      );
      onFellBack(fault);
      return labelByRules(current, text);
    }
  };
}

/**
 * Runs the activity again after 2 s: the polls of a stopping worker stay open for a second, and must not get the task.
 */
function workerStopping(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'the worker is stopping',
    type: failureTypes.workerStopping,
    nextRetryDelay: '2s',
    category: 'BENIGN',
  });
}
