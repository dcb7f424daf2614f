/**
 * The waits and time limits that are fixed. src/config/waiting.ts has those that operators can set. docs/limits.md
 * explains both, and a test compares it with them.
 */

/** How long a post waits until its messages are stored. Then it gets a 503. */
export const commitDeadlineMs = 1_500;

/** How long the forwarder waits until it tries again whether Temporal is back. */
export const forwarderBackoff = { firstWaitMs: 100, coefficient: 2, maxWaitMs: 5_000 } as const;

/** How long a stuck message waits for its next try. */
export const stuckRetryMs = 30_000;

/** The time limit of one request to the model, from connecting to the last byte of the response. */
export const modelTimeoutMs = 15_000;

/** The backoff between two requests to the model about one text. */
export const modelBackoff = { firstWaitMs: 1_000, coefficient: 2, maxWaitMs: 60_000 } as const;

/**
 * How long the model is retried before the rules label the text, counted from its first failure. The time that a text
 * waited for a rate limit or for a worker doesn't count.
 */
export const modelRetryForMs = 60_000;

/**
 * How the rules are retried, when they fail by a bug or an unreadable playbook. Then the run is parked for
 * `considerParkMs`.
 */
export const considerRetry = { withinMs: 5_000, attempts: 3, firstWaitMs: 100 } as const;
export const considerParkMs = 30 * 86_400_000;

/** The time limit of one request to a gateway, from connecting to the last byte of the response. */
export const sendTimeoutMs = 10_000;

/** The time limit of all questions to Temporal before one try: together with `sendTimeoutMs`, less than the try's. */
export const questionsTimeoutMs = 4_000;

/** The time limit of one try to send a reply: the questions, the request, and the worker's own time. */
export const sendTryTimeoutMs = 15_000;

/** The backoff between two sends of one reply. The workflow and the activity must use the same values. */
export const replyBackoff = {
  firstWaitMs: 2_000,
  coefficient: 2,
  /** Also the longest Retry-After that is honoured: Temporal caps longer waits. */
  maxWaitMs: 600_000,
} as const;

/**
 * A worker that has had this many sends of unknown outcome in a row only probes the gateway: one send at a time, with
 * these pauses.
 */
export const maxMaybeSentInARow = 5;
export const breakerBackoff = { firstWaitMs: 5_000, coefficient: 2, maxWaitMs: 60_000 } as const;

/** How long a sender who asked for a person gets no automatic replies. */
export const handedOverMs = 12 * 3_600_000;

/**
 * How long a number gets no replies after the provider said that it can't get texts. Some of these refusals pass: a
 * carrier was down, or the number moved to a mobile phone.
 */
export const unreachableMs = 30 * 86_400_000;

/** The time limit of one request that tells an event, from connecting to the last byte of the response. */
export const eventTimeoutMs = 10_000;

/** The backoff between two tries to tell an event. `maxWaitMs` is also the longest Retry-After that is honoured. */
export const eventBackoff = { firstWaitMs: 5_000, coefficient: 2, maxWaitMs: 600_000 } as const;

/** How long an event is retried. */
export const eventRetryForMs = 86_400_000;

/** How long the update `retryReplyNow` waits for its outcome. Its client gives up after a minute. */
export const updateWaitMs = 55_000;

/**
 * When `answerback erase` and `answerback contact rekey` look again: after longer than Temporal's visibility lags,
 * until two looks in a row find nothing.
 */
export const visibilityLooks = { nextLookMs: 2_000, maxLooks: 30 } as const;

/** How long the parts of a process may take to stop. */
export const stopWaits = {
  /**
   * How long the api still accepts posts while /readyz is 503. A load balancer that polls more often sends no more
   * posts here before the api stops listening.
   */
  acceptMs: 1_000,
  /** How long the api then forwards pending messages. */
  forwardMs: 7_000,
  /** How long a worker waits until its open polls end: longer than the 2 s after which our servers end one. */
  pollsMs: 3_000,
  /** How long a worker waits for a send that is running: longer than `sendTimeoutMs`, so that no reply is uncertain. */
  sendMs: 12_000,
  /** The time for all steps, longer than the longest send. The remaining steps then get 1 s each. */
  stepsMs: 11_000,
  /** The process exits after this time, before a supervisor kills it. */
  processMs: 14_500,
} as const;
