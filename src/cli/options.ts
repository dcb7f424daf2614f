import type { ContactState } from '../domain/contact.js';
import type { RunState } from '../temporal/runs/run.js';

/** The same as `runStates` of src/temporal/runs/run.ts, which takes too long to load for `--help`. */
export const states: readonly RunState[] = ['running', 'failed', 'uncertain', 'done', 'ended'];
export const parkedStates = ['failed', 'uncertain'] as const;
export const contactStates: readonly ContactState[] = ['opted-out', 'paused', 'handed-over', 'unreachable'];

/** The options of the commands. */
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
  since?: string;
  limit?: number;
  csv?: boolean;
  label?: string;
  numbers?: boolean;
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
  test?: string;
  model?: boolean;
  min?: number;
}
export interface ConnectOptions extends JsonOption {
  number?: string;
  replace?: boolean;
  yes?: boolean;
}
export interface DrainOptions extends JsonOption {
  within: string;
  quiet: string;
  undo?: boolean;
}
export interface ContactListOptions extends JsonOption {
  state?: ContactState;
  limit: number;
  numbers?: boolean;
}
export interface PauseOptions extends JsonOption {
  for: string;
  all?: boolean;
}
export interface ResumeOptions extends JsonOption {
  all?: boolean;
}
export interface ContactImportOptions extends JsonOption {
  source: string;
  dryRun?: boolean;
  rate: number;
}
export interface ContactRekeyOptions extends JsonOption {
  rate: number;
}
export interface ContactExportOptions extends JsonOption {
  state: ContactState;
}
