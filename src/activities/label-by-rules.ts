import type { Verdict } from '../domain/decision.js';
import type { CompiledPlaybook } from '../playbook/compile.js';

/** Labels a text by the rules. */
export function labelByRules(current: CompiledPlaybook, text: string): Verdict {
  return { label: current.labelByRules(text), by: 'rules' };
}
