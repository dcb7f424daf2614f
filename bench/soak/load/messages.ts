/** What the load process is told once. */
export interface LoadOrder {
  webhook: string;
  perSecond: number;
}

/** A text that was answered 200 for the first time. */
export interface Acknowledged {
  guid: string;
  number: string;
  silent: boolean;
  /** Unix milliseconds. */
  at: number;
}

/** What has happened since the last report; one comes every second. */
export interface LoadReport {
  acknowledged: Acknowledged[];
  /** When each post that was answered as expected was sent, in Unix milliseconds, and how long its answer took. */
  times: Array<{ at: number; ms: number }>;
  /** Posts by kind, and what was answered other than expected: by status, 0 where no answer came. */
  posts: Record<string, number>;
  redelivered: Record<string, number>;
  /** Posts that wait for their answer. */
  underWay: number;
}
