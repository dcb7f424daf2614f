import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { loadConfig } from '../../../config/config.js';
import type { Contact } from '../../../domain/contact.js';
import { OperatorError } from '../../../process/errors.js';
import { columns, lineOf } from '../../contact-file/columns.js';
import type { Context } from '../../context.js';
import type { ContactExportOptions } from '../../options.js';
import { isPhoneNumber } from '../../senders.js';
import { streamDocument } from '../../stream-document.js';
import { withContacts } from '../../with-contacts.js';

/** `answerback contact export [FILE]`: writes contacts with whole numbers, as `contact import` reads them. */
export async function exportContacts(
  file: string | undefined,
  { state }: ContactExportOptions,
  { env, streams, output }: Context,
): Promise<void> {
  const counts = { exported: 0, names: 0 };
  await withContacts(
    loadConfig(env),
    async (contacts) => {
      const listed = numbersOf(contacts.list(state), counts);
      if (file !== undefined) await writeFile(file, listed);
      else if (output.json) await streamDocument(streams.out, {}, ['contacts', documents(listed)]);
      else await pipeline(listed, lines, stringify(csv), streams.out, { end: false });
    },
    { isReader: true },
  );
  if (file !== undefined) output.print({ file, exported: counts.exported }, `Exported to ${file}: ${counts.exported}`);
  if (counts.names > 0) output.say(`Left out: ${counts.names} sender(s) with a name, which never get replies.`);
}

const csv = { header: true, columns: [...columns] };

/** Senders with a name can't be imported: a file with names in the place of numbers is usually a mistake. */
async function* numbersOf(
  listed: AsyncIterable<Contact>,
  counts: { exported: number; names: number },
): AsyncGenerator<Contact> {
  for await (const contact of listed) {
    const isNumber = isPhoneNumber(contact.sender);
    counts[isNumber ? 'exported' : 'names']++;
    if (isNumber) yield contact;
  }
}

async function* lines(listed: AsyncIterable<Contact>) {
  for await (const contact of listed) yield lineOf(contact);
}

async function* documents(listed: AsyncIterable<Contact>) {
  for await (const { sender: number, since, source, words, state } of listed)
    yield { number, since, source, words, state };
}

/** Writes a file that is there as a whole, or not at all. Only this user can read it. */
async function writeFile(file: string, listed: AsyncIterable<Contact>): Promise<void> {
  const unfinished = `${file}.unfinished`;
  try {
    await pipeline(listed, lines, stringify(csv), createWriteStream(unfinished, { mode: 0o600, flush: true }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new OperatorError(`${file} can't be written (${code})`);
  }
}
