/** How requests are sent, on warm connections. Times are in milliseconds. */
export type Load = {
  messagesPerRequest: number;
  /** Signs requests like the provider, before the measured time begins; absent: unsigned. */
  signingSecret?: string;
} & (
  | { kind: 'sequential'; requests: number; pauseMs: number }
  /** `size` requests at once, each on its own connection; waits for all responses, then pauses. */
  | { kind: 'burst'; size: number; repeats: number; pauseMs: number }
  /** Closed loop: each connection sends its next request after the previous response. */
  | { kind: 'steady'; connections: number; seconds: number }
  /** Open loop: requests at a fixed rate, whether or not earlier ones were answered. */
  | { kind: 'paced'; perSecond: number; seconds: number }
);

export interface Measurement {
  p50: number;
  p99: number;
  max: number;
  requests: number;
  /** Responses other than 200; their times are included. */
  failures: number;
  messagesPerSecond: number;
}

/** A request to the load generator; it responds with a Measurement, or `{ error }`. */
export interface Order {
  port: number;
  load: Load;
}
