import { createRemember } from '../../src/activities/remember.js';
import type { Contact, ContactChange } from '../../src/domain/contact.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { anActivity } from '../helpers/activity.js';
import { recordingTell } from '../helpers/contacts.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';

export const from = '+15550001234';
export const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();

type By = { minute?: number; run?: string } & Partial<InboundMessage>;

/** What is remembered, and a function that lets a message of this minute change it. */
export function memory() {
  const kept = new Map<string, Contact>();
  const { log, events } = recordingLog();
  const { told, tell } = recordingTell();
  const remember = createRemember({
    contacts: {
      find: async (senders) => senders.map((sender) => kept.get(sender)).find(Boolean),
      begin: async (contact) => !kept.has(contact.sender) && kept.set(contact.sender, contact) !== undefined,
      optOut: async (contact) => void kept.set(contact.sender, contact),
      async pause(contact) {
        if (kept.get(contact.sender)?.state === 'opted-out') return false;
        kept.set(contact.sender, contact);
        return true;
      },
      async remove(sender, { before, state }) {
        const found = kept.get(sender);
        if (!found || found.since >= before || (state && found.state !== state)) return false;
        return kept.delete(sender);
      },
    },
    tell,
    log,
  });
  return {
    kept,
    events,
    told,
    by: (change: ContactChange, { minute = 0, run = 'm1', ...message }: By = {}) =>
      anActivity({ workflowId: run }).run(
        remember,
        aMessage({ from, acceptedAt: at(minute), ...message }),
        change,
        'a label',
      ),
  };
}
