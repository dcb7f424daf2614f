import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Decision, Label, Verdict } from '../domain/decision.js';
import { requestIn } from '../rules/request.js';
import type { InboundMessage } from '../domain/message.js';
import type { Log } from '../log/log.js';
import { maskNumber } from '../log/mask-number.js';
import type { CurrentPlaybook, PlaybookForLine } from '../playbook/load.js';
import { decide, type DecisionSettings } from './decide.js';
import { decideRequest, requestOfProvider } from './decide-request.js';
import { considerFailure } from './failures.js';
import { createLabelByModel } from './label-by-model.js';
import { labelByRules } from './label-by-rules.js';
import type { Model } from './model.js';
import type { ModelFault } from './model-fault.js';

/** Observes labels. */
export interface ConsiderObserver {
  onLabelled(label: Label, by: Verdict['by']): void;
  /** Called when the model failed and the rules labelled the text. */
  onFellBack(fault: ModelFault): void;
}

export interface ConsiderOptions extends DecisionSettings {
  /** Tells whether the provider behind a gateway knows a send by its mark. Default: none does. */
  isRepeatable?: (gateway: string) => boolean;
  /** Absent: the rules label. */
  model?: Model | undefined;
  /** Called for each text, so that an edited playbook applies to the next text. */
  playbook: CurrentPlaybook;
  /** Whether texts may appear in the log, at level debug; default: false. */
  logTexts?: boolean;
  /** Aborted when this worker stops; the model is then asked again by another worker or later. */
  stopping: AbortSignal;
  /** The address of a run in Temporal Web UI, for the log. */
  runUrl: (workflowId: string, runId: string) => string;
  log: Log;
  /** Default: none. */
  observer?: ConsiderObserver;
}

/** Creates the activities that label a message and decide what it gets. */
export function createConsider(options: ConsiderOptions) {
  const { model, playbook, logTexts = false, isRepeatable = () => false, stopping, runUrl, log, observer } = options;
  const labelByModel =
    model && createLabelByModel({ model, stopping, log, onFellBack: (fault) => observer?.onFellBack(fault) });

  /** Decides by the current playbook for a message's line. Only what Temporal retries by itself passes unchanged. */
  async function decideBy<Result extends Decision | undefined>(
    message: InboundMessage,
    decisionOf: (current: PlaybookForLine) => Result | Promise<Result>,
  ): Promise<Result> {
    try {
      const decision = await decisionOf(await playbook(message));
      if (!decision) return decision;
      const { label, by } = decision.verdict;
      log.info(
        { event: 'message.classified', guid: runOfActivity().workflowId, label, by },
        `Message classified as: ${label}`,
      );
      observer?.onLabelled(label, by);
      return decision.kind === 'reply' && isRepeatable(message.gateway)
        ? { ...decision, isRepeatable: true }
        : decision;
    } catch (error) {
      if (error instanceof ApplicationFailure || error instanceof CancelledFailure) throw error;
      throw considerFailure(error, Context.current().info.attempt);
    }
  }

  return {
    /**
     * Decides about a message that asks for something, such as STOP, and about others by the rules. A local activity:
     * it takes milliseconds and sends no request.
     *
     * @returns `ask-model` when a model is configured and the message asks for nothing: call `considerByModel`
     */
    consider: async (message: InboundMessage): Promise<Decision | 'ask-model'> => {
      const { workflowId, runId } = runOfActivity();
      if (Context.current().info.attempt === 1) {
        log.info(
          { event: 'message.started', guid: workflowId, run: runUrl(workflowId, runId) },
          `Processing SMS ${workflowId} from ${maskNumber(message.from)}`,
        );
        if (logTexts)
          log.debug({ event: 'message.shown', guid: workflowId, text: message.text }, `Text of ${workflowId}`);
      }
      const decision = await decideBy(message, (current) => {
        const request = requestOfProvider(message, current) ?? requestIn(message.text, current.claimedWords);
        if (request) return decideRequest(message, request, current, options);
        // Neither a picture without words nor a text of a line that no playbook serves goes to the model.
        return labelByModel && message.text.trim() !== '' && !current.isStandIn
          ? undefined
          : decide(message, labelByRules(current, message.text), current, options);
      });
      return decision ?? 'ask-model';
    },

    /** Labels a message by the model, or by the rules when the model failed for too long, and decides. */
    considerByModel: (message: InboundMessage): Promise<Decision> =>
      decideBy(message, async (current) => {
        const label = (!current.isStandIn && labelByModel) || labelByRules;
        return decide(message, await label(current, message.text), current, options);
      }),
  };
}

function runOfActivity(): { workflowId: string; runId: string } {
  return Context.current().info.workflowExecution ?? { workflowId: 'unknown', runId: 'unknown' };
}
