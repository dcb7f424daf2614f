/** How requests are sent. Times are milliseconds. */
export type Load = {
  messagesPerRequest: number;
  /** With it requests are signed as the provider signs them, before their time is taken. */
  signingSecret?: string;
} & (
  | { kind: 'sequential'; requests: number; pauseMs: number; newConnections: boolean }
  /** `size` requests at once, each on a connection of its own; all answers are waited for, then a pause. */
  | { kind: 'burst'; size: number; repeats: number; pauseMs: number; newConnections: boolean }
  /** Closed loop: each connection sends its next request when its last one is answered. */
  | { kind: 'steady'; connections: number; seconds: number }
  /** Open loop: a request every so often, whether or not the last one is answered. */
  | { kind: 'paced'; perSecond: number; seconds: number }
);

export interface Measurement {
  p50: number;
  p99: number;
  requests: number;
  /** Answers other than 200; their times are among the others. */
  failures: number;
  messagesPerSecond: number;
}

/** What the client process is asked to do; it answers with a Measurement, or `{ error }`. */
export interface Order {
  port: number;
  load: Load;
}
