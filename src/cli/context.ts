import type { Output, Streams } from '../process/output.js';

/** What every command gets in addition to its own arguments. */
export interface Context {
  env: Record<string, string>;
  streams: Streams;
  output: Output;
}
