import type { createConsider } from './consider.js';
import type { createRemember } from './remember.js';
import type { createSendReply } from './send-reply.js';

/** All activities. Workers of different task queues run different ones: see src/worker/start.ts. */
export type Activities = ReturnType<typeof createConsider> & {
  remember: ReturnType<typeof createRemember>;
  sendReply: ReturnType<typeof createSendReply>;
};
