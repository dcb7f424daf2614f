import type { SendReplyOptions } from '../../src/activities/send-reply.js';

/** Nothing is remembered of anybody. */
export const noContacts: SendReplyOptions['contacts'] = {
  stateOf: async () => undefined,
  isEveryonePaused: async () => false,
};
