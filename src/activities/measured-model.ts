import type { Model } from './model.js';
import { modelFault, modelFaults } from './model-fault.js';

/** How a request to the model ended. `cut-off`: by us, since the worker stops or the run has ended. */
export const modelOutcomes = ['ok', ...modelFaults, 'cut-off'] as const;
export type ModelOutcome = (typeof modelOutcomes)[number];

/** The same model; tells how each request ended and what it took. */
export function measuredModel(model: Model, answered: (outcome: ModelOutcome, seconds: number) => void): Model {
  return async (text, playbook, signals) => {
    const fromMs = performance.now();
    let outcome: ModelOutcome = 'ok';
    try {
      return await model(text, playbook, signals);
    } catch (error) {
      outcome = signals.some(({ aborted }) => aborted) ? 'cut-off' : modelFault(error);
      throw error;
    } finally {
      answered(outcome, (performance.now() - fromMs) / 1_000);
    }
  };
}
