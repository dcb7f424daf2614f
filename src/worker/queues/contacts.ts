import { createProlong } from '../../activities/prolong.js';
import { createRemember, type RememberOptions } from '../../activities/remember.js';
import { createTellParked } from '../../activities/tell-parked.js';
import { contactsQueueOf, taskQueue } from '../../domain/names.js';
import type { Contacts } from '../../temporal/contacts.js';
import { type ActivityWorker, createActivityWorker, type WorkerConnection } from '../create-worker.js';

export interface ContactWorkerOptions extends Pick<RememberOptions, 'tell' | 'log'> {
  connection: WorkerConnection;
  contacts: Contacts;
}

/** Maximum of changes to contacts that one worker makes at once. */
const maxChanges = 20;

/** Creates the worker that changes contacts, and stores the events of parked replies. */
export function createContactWorker({
  connection,
  contacts,
  tell,
  log,
}: ContactWorkerOptions): Promise<ActivityWorker> {
  return createActivityWorker({
    ...connection,
    taskQueue: contactsQueueOf(taskQueue),
    activities: {
      remember: createRemember({ contacts, tell, log }),
      prolong: createProlong({ contacts }),
      tellParked: createTellParked(tell),
    },
    maxConcurrent: maxChanges,
    perSecond: undefined,
  });
}
