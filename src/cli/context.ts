import type { Output, Streams } from './output.js';

/** What every command gets beside its own arguments. */
export interface Context {
  env: Record<string, string>;
  streams: Streams;
  output: Output;
}
