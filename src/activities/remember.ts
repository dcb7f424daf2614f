import { Context } from '@temporalio/activity';
import { type Contact, type ContactChange, type ContactState, identitiesOf } from '../domain/contact.js';
import { contactEvent, type Tell } from '../domain/event.js';
import { type InboundMessage, receivedAtMs } from '../domain/message.js';
import type { Log } from '../log/log.js';

export interface RememberOptions {
  contacts: {
    /** Returns what is remembered of the first of these identities. */
    find(senders: readonly string[]): Promise<Contact | undefined>;
    /** Remembers this where nothing is remembered. Returns false otherwise. */
    begin(contact: Contact): Promise<boolean>;
    /** Remembers an opt-out, in place of anything else. */
    optOut(contact: Contact): Promise<unknown>;
    /** Remembers what ends at a time, but never in place of an opt-out: then it returns false. */
    pause(contact: Contact): Promise<boolean>;
    /** Ends what is remembered since before this time, or only in this state. */
    remove(sender: string, which: { before: string; state?: ContactState }): Promise<boolean>;
  };
  tell: Tell;
  log: Log;
}

/** What became of a change. */
export interface Remembered {
  /** Whether something changed by this message, also in an earlier try. */
  isChanged: boolean;
  /** The state that was remembered already, and stays. Absent when the change ends a state, or made one. */
  stays?: ContactState;
}

/** Creates the activity that changes what is remembered of a sender. */
export function createRemember({ contacts, tell, log }: RememberOptions) {
  /** Ends what is remembered. A label only ends a hand-over. */
  async function end(senders: readonly string[], to: 'none' | 'resumed', message: InboundMessage): Promise<Remembered> {
    const which = { before: receivedAtOf(message), ...(to === 'resumed' && { state: 'handed-over' as const }) };
    for (const sender of senders) await contacts.remove(sender, which);
    // Not what was removed: an earlier try may have removed it.
    const left = await contacts.find(senders);
    return left ? stays(left.state) : { isChanged: true };
  }

  /** Remembers a state under every identity. Returns false when the sender has opted out meanwhile. */
  async function write(senders: readonly string[], contact: Omit<Contact, 'sender'>): Promise<boolean> {
    for (const sender of senders) {
      if (contact.state === 'opted-out') await contacts.optOut({ ...contact, sender });
      else if (!(await contacts.pause({ ...contact, sender }))) return false;
    }
    return true;
  }

  /**
   * Makes the change, unless it was made before, or something newer is remembered. An opt-out only gives way to `none`.
   * Tells about a sender who needs a person.
   *
   * @param label of the message; empty when it has none
   */
  return async function remember(message: InboundMessage, change: ContactChange, label: string): Promise<Remembered> {
    const run = Context.current().info.workflowExecution?.workflowId ?? 'unknown';
    const senders = identitiesOf(message);
    const before = await contacts.find(senders);
    const { to } = change;
    if (before && isByOperator(before) && to !== 'opted-out')
      return to === 'none' ? { isChanged: false } : stays(before.state);
    if (to === 'none' || to === 'resumed') {
      const ended = before ? await end(senders, to, message) : { isChanged: true };
      if (before && ended.isChanged) log.info({ event: 'contact.changed', guid: run, to }, `The sender is now: ${to}`);
      return ended;
    }
    const contact = contactFor(to, change, message, run, before);
    const isMade = before?.run === run && before.state === to && before.source === contact.source;
    if (before && !isMade) {
      // A STOP also ends a pause that is newer than it.
      if (before.state === 'opted-out' || (to !== 'opted-out' && before.since > contact.since))
        return stays(before.state);
      if (before.state === to) {
        await write(senders, { ...contact, since: before.since, ...(before.run && { run: before.run }) });
        return stays(to);
      }
    }
    const [first = message.sender, ...others] = senders;
    if (!before) {
      // Of two messages at the same moment, one makes the change, and the other finds it made.
      if (!(await contacts.begin({ ...contact, sender: first }))) throw new Error('the contact was changed meanwhile');
    } else if (!isMade && !(await write([first], contact))) return stays('opted-out');
    await write(others, contact);
    log.info({ event: 'contact.changed', guid: run, to }, `The sender is now: ${to}`);
    await tell(contactEvent({ message, guid: run, ...(label !== '' && { label }) }, contact));
    return { isChanged: true };
  };
}

/** Only the operator ends such a pause, and a STOP. A START is confirmed all the same. */
const isByOperator = ({ state, source }: Contact) => state === 'paused' && source === 'operator';

/** An old text that a gateway delivers again is not newer than what was remembered since. */
const receivedAtOf = (message: InboundMessage): string => new Date(receivedAtMs(message)).toISOString();

const stays = (state: ContactState): Remembered => ({ isChanged: false, stays: state });

/** A pause or hand-over never ends earlier than the one that it replaces. */
function contactFor(
  state: ContactState,
  { words, forMs, source }: ContactChange,
  message: InboundMessage,
  run: string,
  before: Contact | undefined,
): Omit<Contact, 'sender'> {
  const since = receivedAtOf(message);
  // A text can be hours old when its turn comes.
  const untilMs = forMs === undefined ? undefined : Math.max(Date.parse(message.acceptedAt), Date.now()) + forMs;
  const untilBefore = before?.state === 'unreachable' ? undefined : before?.until;
  const until = untilMs === undefined ? undefined : Math.max(untilMs, Date.parse(untilBefore ?? since));
  return {
    state,
    // The provider knows of it at the moment of the send.
    since: source === undefined ? since : new Date().toISOString(),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    // A text moves no end that the provider's refusal has set.
    ...(forMs !== undefined && source === undefined && { forMs }),
    source: source ?? (words === undefined ? 'limit' : 'text'),
    ...(words !== undefined && { words: words.slice(0, maxWords) }),
    run,
  };
}

/** The words of a label's text can be the whole text. */
const maxWords = 200;
