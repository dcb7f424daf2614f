import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { EventActivities } from '../activities/index.js';
import type { AttentionEvent } from '../domain/event.js';
import { eventsQueueOf, failureTypes } from '../domain/names.js';
import { eventBackoff } from '../domain/waiting.js';

/** Tells one event. The activity decides when to give up; the run then fails, with its reason. */
export async function tellEvent(event: AttentionEvent): Promise<void> {
  const { postEvent } = proxyActivities<EventActivities>({
    ...postOptions,
    taskQueue: eventsQueueOf(workflowInfo().taskQueue),
  });
  try {
    await postEvent(event);
  } catch (error) {
    if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)) throw error;
    throw ApplicationFailure.nonRetryable(error.cause.message, failureTypes.eventFailed);
  }
}

const postOptions = {
  startToCloseTimeout: '20s',
  retry: {
    initialInterval: eventBackoff.firstWaitMs,
    backoffCoefficient: eventBackoff.coefficient,
    maximumInterval: eventBackoff.maxWaitMs,
  },
} satisfies ActivityOptions;
