import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The names by which api, worker and operators meet in Temporal. Changing one breaks running workflows. */
export const taskQueue = 'answerback';
/** Where sends wait their turn under SMS_PER_MINUTE. */
export const sendQueue = 'answerback-sends';
/** Where questions to the model wait theirs under OPENAI_RPS. */
export const classificationQueue = 'answerback-classifications';
export const workflowType = 'answerMessage';

/** Keyword: `failed` or `uncertain` while a reply is parked, absent otherwise. */
export const replyState = defineSearchAttributeKey('ReplyState', SearchAttributeType.KEYWORD);

/** The longest wait between two sends of one reply, and so the longest Retry-After that is honoured. */
export const longestReplyWaitMs = 600_000;

/** The types of failure by which workflow, operator and dashboard tell what became of an activity. */
export const failureTypes = {
  /** Retried by Temporal. */
  modelUnavailable: 'ModelUnavailable',
  workerStopping: 'WorkerStopping',
  replyNotSent: 'ReplyNotSent',
  /** Not sent by itself: a run from before this reset may have. */
  replyHeld: 'ReplyHeld',
  /** Final: surely not sent. */
  replyFailed: 'ReplyFailed',
  /** Final: the gateway may have taken it. */
  replyUncertain: 'ReplyUncertain',
} as const;
