import type { Model } from './model.js';
import { modelFault, modelFaults } from './model-fault.js';

/** How a request to the model ended. `cut-off`: we aborted it, because the worker is stopping or the run has ended. */
export const modelOutcomes = ['ok', ...modelFaults, 'cut-off'] as const;
export type ModelOutcome = (typeof modelOutcomes)[number];

/** Observes requests to the model. */
export interface ModelObserver {
  onResponded(outcome: ModelOutcome, seconds: number): void;
}

/** Wraps a model: reports the outcome and the duration of each request. */
export function observedModel(model: Model, observer: ModelObserver): Model {
  return async (text, playbook, signals) => {
    const fromMs = performance.now();
    let outcome: ModelOutcome = 'ok';
    try {
      return await model(text, playbook, signals);
    } catch (error) {
      outcome = signals.some(({ aborted }) => aborted) ? 'cut-off' : modelFault(error);
      throw error;
    } finally {
      observer.onResponded(outcome, (performance.now() - fromMs) / 1_000);
    }
  };
}
