import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Mode } from '../simulated-gateway/modes.js';
import type { Switches } from '../simulated-gateway/server.js';
import { createConversations } from './conversations.js';
import { createEventStreams } from './event-streams.js';
import { createShownContacts, type ShownContactsOptions } from './shown-contacts.js';
import { createShownRuns, type ShownRunsOptions } from './shown-runs.js';
import { createTextWriter, type TextWriterOptions } from './text-writer.js';

export interface PhoneOptions extends Omit<ShownContactsOptions, 'onContact'> {
  postText: TextWriterOptions['postText'];
  runs: ShownRunsOptions['runs'];
}

export type Phone = ReturnType<typeof createPhone>;

/**
 * Creates the model of the page: it writes texts from any number, shows their state and what is remembered of their
 * senders, and switches the gateway's mode.
 */
export function createPhone({ postText, runs, ...forContacts }: PhoneOptions, gateway: Switches) {
  const { senderOf } = forContacts;
  const streams = createEventStreams();

  const conversations = createConversations({
    onChanged: (entry) => streams.send('entry', entry),
    onDropped({ id }) {
      shownRuns.forget(id);
      streams.send('dropped', { id });
    },
  });
  const shownContacts = createShownContacts({
    ...forContacts,
    onContact: (contact) => streams.send('contact', contact),
  });
  const shownRuns = createShownRuns({
    runs,
    conversations,
    isWatched: () => streams.count > 0,
    onChanged: (sender) => void shownContacts.look(sender),
    onTemporal: (problem) => streams.send('temporal', { problem }),
  });

  gateway.onSent(({ id, to, text, at }) => {
    const sender = senderOf(to);
    conversations.add({ kind: 'reply', id, number: to, sender, text, at });
    shownRuns.hurrySender(sender);
    void shownContacts.look(sender);
  });

  return {
    watch(response: ServerResponse): void {
      const page = randomUUID();
      streams.open(response, 'state', {
        page,
        entries: conversations.entries(),
        mode: gateway.mode,
        temporal: { problem: shownRuns.temporalProblem },
      });
      shownContacts.opened(page);
      response.once('close', () => shownContacts.closed(page));
      shownRuns.hurryAll();
    },
    ...createTextWriter({ postText, senderOf, conversations, onAccepted: (guid) => shownRuns.follow(guid) }),
    show: shownContacts.show,
    resume: shownContacts.resume,
    release: shownRuns.release,
    setMode(mode: Mode): void {
      gateway.setMode(mode);
      streams.send('mode', { mode });
    },
    close(): void {
      shownRuns.close();
      shownContacts.close();
      streams.close();
    },
  };
}
