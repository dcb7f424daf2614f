import { createPostEvent, type PostEventOptions } from '../../activities/post-event.js';
import { eventsQueueOf, taskQueue } from '../../domain/names.js';
import { type ActivityWorker, createActivityWorker, type WorkerConnection } from '../create-worker.js';

export interface EventWorkerOptions extends PostEventOptions {
  connection: WorkerConnection;
}

/** Maximum of events that one worker tells at once: few, since each may hang until its time limit. */
const maxEvents = 20;

/** Creates the worker that tells events. Also without EVENTS_URL: those of before must not wait unseen. */
export function createEventWorker({ connection, ...options }: EventWorkerOptions): Promise<ActivityWorker> {
  return createActivityWorker({
    ...connection,
    taskQueue: eventsQueueOf(taskQueue),
    activities: { postEvent: createPostEvent(options) },
    maxConcurrent: maxEvents,
    perSecond: undefined,
  });
}
