import { loadConfig } from '../../../config/config.js';
import type { Contact } from '../../../domain/contact.js';
import { maskNumber } from '../../../log/mask-number.js';
import { tableRow } from '../../../process/output.js';
import type { Contacts } from '../../../temporal/contacts.js';
import { everyoneDocument, everyoneLine, stateWords } from '../../contact-words.js';
import type { Context } from '../../context.js';
import type { ContactListOptions } from '../../options.js';
import { streamDocument, write } from '../../stream-document.js';
import { withContacts } from '../../with-contacts.js';

const widths = [11, 24, 24, 16];

/** `answerback contact list`: lists the newest contacts first, as they come. */
export async function listContacts(options: ContactListOptions, context: Context): Promise<void> {
  const { state, limit } = options;
  const { output } = context;
  await withContacts(
    loadConfig(context.env),
    async (contacts) => {
      const everyone = await contacts.findEveryone();
      const listed = firstOf(contacts.list(state), limit);
      const count = await print(listed, everyone, options, context);
      if (everyone) output.say(everyoneLine(everyone));
      if (count === 0) output.say(state ? `No contact is ${stateWords[state]}.` : 'There are no contacts.');
      else if (count === limit) output.say(`These are the newest ${limit} contacts. Use --limit to list more.`);
    },
    { isReader: true },
  );
}

async function print(
  listed: AsyncIterable<Contact>,
  everyone: Contact | undefined,
  { numbers = false }: ContactListOptions,
  { streams, output }: Context,
): Promise<number> {
  const numberOf = ({ sender }: Contact) => (numbers ? sender : maskNumber(sender));
  if (output.json) {
    const members = { everyone: everyoneDocument(everyone) };
    return streamDocument(streams.out, members, ['contacts', documents(listed, numberOf)]);
  }
  const row = (cells: string[]) => write(streams.out, `${tableRow(cells, widths)}\n`);
  await row(['STATE', 'SINCE', 'UNTIL', 'SOURCE', 'NUMBER']);
  let count = 0;
  for await (const contact of listed) {
    const { state, since, until, source } = contact;
    await row([stateWords[state], since, until ?? '', source, numberOf(contact)]);
    count++;
  }
  return count;
}

async function* documents(listed: AsyncIterable<Contact>, numberOf: (contact: Contact) => string) {
  for await (const contact of listed) {
    const { state, since, until, source } = contact;
    yield { number: numberOf(contact), state, since, until, source };
  }
}

async function* firstOf(listed: ReturnType<Contacts['list']>, limit: number): AsyncGenerator<Contact> {
  let count = 0;
  for await (const contact of listed) {
    yield contact;
    if (++count === limit) return;
  }
}
