import type { createConsider } from './consider.js';
import type { createPostEvent } from './post-event.js';
import type { createProlong } from './prolong.js';
import type { createRemember } from './remember.js';
import type { createSendReply } from './send-reply.js';
import type { createTellParked } from './tell-parked.js';

/** The steps of a message's run. Workers of different task queues run different ones: see src/worker/start.ts. */
export type Activities = ReturnType<typeof createConsider> & {
  prolong: ReturnType<typeof createProlong>;
  remember: ReturnType<typeof createRemember>;
  sendReply: ReturnType<typeof createSendReply>;
  tellParked: ReturnType<typeof createTellParked>;
};

/** The step of an event's run. */
export interface EventActivities {
  postEvent: ReturnType<typeof createPostEvent>;
}
