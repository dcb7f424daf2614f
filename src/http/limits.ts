import { maxHeaderSize } from 'node:http';

/** What one request may be. Bytes, or milliseconds where the name says so. */
export const limits = {
  /** 1,000 messages with long texts. */
  bodyBytes: 1_048_576,
  headerBytes: maxHeaderSize,
  /** A message is 3 deep in a batch; what gateways add of their own is not much deeper. */
  jsonDepth: 32,
  /** A batch of 1,000 messages with 50 fields each. */
  jsonMembers: 100_000,
  headersMs: 5_000,
  requestMs: 10_000,
  /** Outlasts the 60 s of a proxy. */
  keepAliveMs: 65_000,
  connections: 2_000,
} as const;
