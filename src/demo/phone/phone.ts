import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Switches } from '../simulated-gateway/server.js';
import { createConversations } from './conversations.js';
import { createEventStreams } from './event-streams.js';
import { createShownContacts, type ShownContactsOptions } from './shown-contacts.js';
import { createShownRuns, type ShownRunsOptions } from './shown-runs.js';
import { createShownSwitches } from './shown-switches.js';
import { createTextWriter, type TextWriterOptions } from './text-writer.js';

export interface PhoneOptions extends Omit<ShownContactsOptions, 'onContact'> {
  postText: TextWriterOptions['postText'];
  idOf: TextWriterOptions['idOf'];
  runs: ShownRunsOptions['runs'];
}

export type Phone = ReturnType<typeof createPhone>;

/**
 * Creates the model of the page: it writes texts from any number, shows their state and what is remembered of their
 * senders, and sets the gateway's switches.
 */
export function createPhone({ postText, idOf, runs, ...forContacts }: PhoneOptions, gateway: Switches) {
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

  gateway.onReceipt((id, state) => conversations.receive(id, state));
  gateway.onSent(({ id, to, text, at, mark }) => {
    const sender = senderOf(to);
    conversations.add({ kind: 'reply', id, number: to, sender, text, at, mark });
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
        doublesTexts: gateway.doublesTexts,
        temporal: { problem: shownRuns.temporalProblem },
      });
      shownContacts.opened(page);
      response.once('close', () => shownContacts.closed(page));
      shownRuns.hurryAll();
    },
    ...createTextWriter({
      ...{ postText, idOf, senderOf, conversations },
      doublesTexts: () => gateway.doublesTexts,
      onAccepted: (guid) => shownRuns.follow(guid),
    }),
    show: shownContacts.show,
    resume: shownContacts.resume,
    release: shownRuns.release,
    ...createShownSwitches(gateway, streams),
    close(): void {
      shownRuns.close();
      shownContacts.close();
      streams.close();
    },
  };
}
