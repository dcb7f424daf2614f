import { maxHeaderSize } from 'node:http';

/** Limits of one request; the unit is in each name. */
export const limits = {
  /** 1,000 messages with long texts. */
  bodyBytes: 1_048_576,
  headerBytes: maxHeaderSize,
  /** A message in a batch is 3 levels deep; gateways add few levels of their own. */
  jsonDepth: 32,
  /** A batch of 1,000 messages with 50 fields each. */
  jsonMembers: 100_000,
  headersMs: 5_000,
  requestMs: 10_000,
  /** Longer than the usual 60 s of proxies, so that the proxy closes an idle connection first. */
  keepAliveMs: 65_000,
  connections: 2_000,
} as const;
