import type { RunState } from '../temporal/runs.js';

/** As `runStates` of src/temporal/runs.ts, which a mere `--help` need not wait for. */
export const states: readonly RunState[] = ['running', 'failed', 'uncertain', 'done', 'ended'];
export const parkedStates = ['failed', 'uncertain'] as const;

/** What was typed behind a command, one interface for each. */
export interface JsonOption {
  json?: boolean;
}
export interface SendOptions extends JsonOption {
  from: string;
  guid?: string;
  wait?: boolean;
  timeout: number;
}
export interface RunsOptions extends JsonOption {
  state?: RunState;
  limit: number;
}
export interface RetryOptions extends JsonOption {
  wait: boolean;
  all?: boolean;
  state?: (typeof parkedStates)[number];
  yes?: boolean;
  rate: number;
}
export interface RequeueOptions extends JsonOption {
  all?: boolean;
  set: string[];
}
export interface PlaybookOptions extends JsonOption {
  try?: string;
}
export interface DrainOptions extends JsonOption {
  within: string;
  quiet: string;
  undo?: boolean;
}
export interface EraseOptions extends JsonOption {
  allRuns?: boolean;
}
