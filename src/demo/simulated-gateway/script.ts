import { type Mode, modes } from './modes.js';
import { type ScriptInput, scriptSchema, type Step } from './step.js';

/** Holds the remaining steps. `next` takes one; when none is left, it returns the step of the mode. */
export function createScript() {
  let steps: Step[] = [];
  let mode: Mode = 'works';
  return {
    get mode() {
      return mode;
    },
    setMode(next: Mode) {
      mode = next;
    },
    set(next: ScriptInput) {
      steps = scriptSchema.parse(next);
    },
    remaining: (): readonly Step[] => steps,
    next(): Step {
      const [first, ...rest] = steps;
      if (!first) return { times: 1, ...modes[mode] };
      steps = first.times > 1 ? [{ ...first, times: first.times - 1 }, ...rest] : rest;
      return first;
    },
  };
}

export type Script = ReturnType<typeof createScript>;
