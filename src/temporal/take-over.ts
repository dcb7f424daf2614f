import type { Client } from '@temporalio/client';
import { identitiesOf } from '../domain/contact.js';
import type { HandSent } from '../domain/hand-sent.js';
import { handedOverMs } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import { createContacts } from './contacts.js';
import type { SenderKeys } from './sender-key.js';

/** Hands a sender over to the person who has written to them by hand. The same text again changes nothing. */
export type TakeOver = (handSent: HandSent) => Promise<void>;

/** Without a deadline, a call would wait for ever when the server doesn't respond. */
const deadlineMs = 5_000;

/** A hand-over is written again only when this moves its end by so much: most texts of a conversation cost one look. */
const minGainMs = 600_000;

/** Creates the function that lets texts which were written by hand pause automatic replies. An opt-out stays. */
export function createTakeOver(
  client: Client,
  senderKeys: SenderKeys,
  { log, taskQueue }: { log: Log; taskQueue?: string },
): TakeOver {
  const contacts = createContacts(client, senderKeys, taskQueue === undefined ? {} : { workflowQueue: taskQueue });

  async function handOver({ gateway, acceptedAt }: HandSent, id: string): Promise<boolean> {
    const untilMs = Date.parse(acceptedAt) + handedOverMs;
    const earlier = await contacts.find([id]);
    // What lasts longer stays: an opt-out, and a pause that an operator has set.
    const isLonger = earlier && Date.parse(earlier.until ?? '9999-12-31') > untilMs - minGainMs;
    if (isLonger || untilMs < Date.now()) return false;
    return contacts.pause({
      state: 'handed-over',
      sender: id,
      since: acceptedAt,
      until: new Date(untilMs).toISOString(),
      forMs: handedOverMs,
      source: gateway,
    });
  }

  return (handSent) =>
    client.withDeadline(Date.now() + deadlineMs, async () => {
      let isChanged = false;
      for (const id of identitiesOf(handSent)) isChanged = (await handOver(handSent, id)) || isChanged;
      if (isChanged)
        log.info(
          { event: 'contact.changed', guid: handSent.id, to: 'handed-over' },
          'The sender is now: handed-over, since a person has written by hand',
        );
    });
}
