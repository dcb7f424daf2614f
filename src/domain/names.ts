/**
 * All names in Temporal that api, worker, commands and operators share. They are written only here. Changing one breaks
 * open runs.
 */
export const workflowType = 'answerMessage';
/** The type of a run that keeps a reply which the carrier refused after its own run had ended. */
export const refusedType = 'refusedReply';
/**
 * The types of all runs of messages: that of new runs, and those that earlier releases started. Commands and metrics
 * see a run only when its type is here.
 */
export const workflowTypes: readonly string[] = [workflowType, refusedType];

/** The task queue of workflows. */
export const taskQueue = 'answerback';
/** The task queue of requests to the model, which OPENAI_RPS limits: `answerback-model`. */
export const modelQueueOf = (workflowQueue: string): string => `${workflowQueue}-model`;
/** The task queue of sends by a gateway, which SMS_PER_MINUTE limits: `answerback-sends-` and its name. */
export const sendQueueOf = (workflowQueue: string, gateway: string): string => `${workflowQueue}-sends-${gateway}`;

/** The task queue of changes to contacts, which no limit slows down: `answerback-contacts`. */
export const contactsQueueOf = (workflowQueue: string): string => `${workflowQueue}-contacts`;

/** The task queue of events, which a slow receiver fills: `answerback-events`. */
export const eventsQueueOf = (workflowQueue: string): string => `${workflowQueue}-events`;

export const signals = {
  /** Sends a parked reply again. Does nothing while a send is running or nothing is parked. */
  retryReply: 'retryReply',
  /** What the gateway says about a send of this run. */
  receipt: 'receipt',
  /** Ends the run as sent by the operator, without a send: the reply arrived, or must never be sent. */
  markReplySent: 'markReplySent',
} as const;

export const updates = {
  /** Like `retryReply`, but waits for the outcome; joins a running send. Rejected when there is no reply to retry. */
  retryReplyNow: 'retryReplyNow',
} as const;

export const queries = {
  /** Returns the state of the message. */
  status: 'status',
} as const;

/**
 * The search attribute that finds parked replies: `failed` or `uncertain` while one is parked, and `skipped` when the
 * run ended without a reply. Absent otherwise.
 */
export const replyState = { name: 'ReplyState', type: 'KEYWORD' } as const;

/** The search attribute of every run that finds the runs of one sender: a keyed hash, the same for all notations. */
export const senderAttribute = { name: 'Sender', type: 'KEYWORD' } as const;

/** The key in a run's memo of the hash that tells one message from another with the same id. */
export const messageHashMemo = 'messageHash';

/**
 * The open workflow that keeps the fingerprints of the secrets in ANSWERBACK_SECRET. It never begins, and its queue has
 * no worker.
 */
export const installation = {
  workflowId: 'answerback-installation',
  workflowType: 'answerbackInstallation',
  taskQueue: 'answerback-installation',
  memo: { current: 'secretFingerprint', needed: 'neededFingerprints', earlier: 'earlierFingerprints' },
} as const;

/** The open workflow that keeps since when a key of PAYLOAD_KEYS encrypts. It never begins, as the installation's. */
export const keyInUse = {
  workflowIdOf: (keyId: string): string => `answerback-key-${keyId}`,
  workflowType: 'answerbackKeyInUse',
  taskQueue: installation.taskQueue,
} as const;

/**
 * The workflow that remembers a sender. It never begins, or only when its pause ends, and then returns at once. The
 * whole state is in its memo.
 */
export const contact = {
  workflowType: 'contact',
  /** @param key the sender's keyed hash */
  workflowIdOf: (key: string): string => `contact-${key}`,
  /** The one that pauses all replies. */
  everyone: 'contact-everyone',
  memo: 'contact',
} as const;

/** The search attribute of a contact: its state, such as `opted-out`. */
export const contactState = { name: 'ContactState', type: 'KEYWORD' } as const;

/** The workflow that tells one event. */
export const eventRun = {
  workflowType: 'tellEvent',
  /** @param id the event's id */
  workflowIdOf: (id: string): string => `event-${id}`,
} as const;

/** Failure types of activities; the workflow, operators and dashboards tell outcomes apart by them. */
export const failureTypes = {
  /** Retried by Temporal: three times, then the run is parked. */
  considerFailed: 'ConsiderFailed',
  /** Retried by Temporal. */
  modelUnavailable: 'ModelUnavailable',
  workerStopping: 'WorkerStopping',
  replyNotSent: 'ReplyNotSent',
  /** Retried by Temporal: the gateway may have taken it, and a repeated request with its mark sends no second SMS. */
  replyRepeated: 'ReplyRepeated',
  /** Final: not sent automatically: a run before a reset, or before a restore of Temporal, may have sent it. */
  replyHeld: 'ReplyHeld',
  /** Final: certainly not sent. */
  replyFailed: 'ReplyFailed',
  /** Final: the gateway may have taken it. */
  replyUncertain: 'ReplyUncertain',
  /** Retried by Temporal: the receiver of events didn't take it. */
  eventNotTold: 'EventNotTold',
  /** Final: it was not told within a day, or the receiver wants no more events. */
  eventFailed: 'EventFailed',
} as const;
