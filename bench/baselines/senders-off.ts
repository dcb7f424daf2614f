import type { ProlongOptions } from '../../src/activities/prolong.js';
import type { RememberOptions } from '../../src/activities/remember.js';
import type { SendReplyOptions } from '../../src/activities/send-reply.js';
import type { createSenders as product, SendersOptions } from '../../src/worker/create-senders.js';

/**
 * Stands in for `createSenders` of the product where everything is off: nothing is remembered of any sender, and every
 * reply is within the limits, without a request. It imports only types: see `replacing`.
 */
export const createSenders: (options: SendersOptions) => Replaced = () => ({
  ask: (questions) => questions(),
  contacts: {
    stateOf: async () => undefined,
    isEveryonePaused: async () => false,
    find: async () => undefined,
    begin: async () => true,
    optOut: async () => {},
    pause: async () => true,
    prolong: async () => {},
    remove: async () => false,
  },
  limits: { allowSender: async () => true, allowDay: async () => true },
  tell: async () => {},
});

/** What the worker uses of the product's. */
type Replaced = Omit<ReturnType<typeof product>, 'contacts'> & {
  contacts: SendReplyOptions['contacts'] & RememberOptions['contacts'] & ProlongOptions['contacts'];
};
