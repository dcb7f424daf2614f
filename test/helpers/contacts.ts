import type { SendReplyOptions } from '../../src/activities/send-reply.js';
import type { AttentionEvent } from '../../src/domain/event.js';

/** Asks without a time limit. */
export const ask: SendReplyOptions['ask'] = (questions) => questions();

/** Nothing is remembered of anybody. */
export const noContacts: SendReplyOptions['contacts'] = {
  stateOf: async () => undefined,
  isEveryonePaused: async () => false,
};

/** Every reply is within the limits. */
export const noLimits: SendReplyOptions['limits'] = { allowSender: async () => true, allowDay: async () => true };

/** Keeps the events in place of telling them. */
export function recordingTell() {
  const told: AttentionEvent[] = [];
  return { told, tell: async (event: AttentionEvent) => void told.push(event) };
}
