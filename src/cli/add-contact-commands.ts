import type { Command } from 'commander';
import { command, type ContextOf } from './add-commands.js';
import { oneOf, wholeNumber } from './argument-parsers.js';
import {
  type ContactExportOptions,
  type ContactImportOptions,
  type ContactListOptions,
  type ContactRekeyOptions,
  type JsonOption,
  type PauseOptions,
  type ResumeOptions,
  contactStates,
} from './options.js';

/** Adds the commands about contacts: senders who have opted out, are paused, or are handed over to a person. */
export function addContactCommands(program: Command, contextOf: ContextOf): void {
  const contact = program
    .command('contact')
    .description('list and change who gets no automatic replies: opted out, paused, or handed over to a person');
  addLookingCommands(contact, contextOf);
  addChangingCommands(contact, contextOf);
  addFileCommands(contact, contextOf);
  command(contact, 'rekey', 'move all contacts to the first secret of ANSWERBACK_SECRET')
    .option('--rate <number>', 'contacts per second', wholeNumber, 20)
    .action(async (options: ContactRekeyOptions) =>
      (await import('./commands/contact/rekey.js')).rekeyContacts(options, contextOf(options)),
    );
}

function addLookingCommands(contact: Command, contextOf: ContextOf): void {
  command(contact, 'list', 'list the newest contacts')
    .option('--state <state>', `only contacts in this state: ${contactStates.join(', ')}`, oneOf(contactStates))
    .option('--limit <number>', 'maximum number of contacts', wholeNumber, 20)
    .option('--numbers', 'show whole numbers')
    .action(async (options: ContactListOptions) =>
      (await import('./commands/contact/list.js')).listContacts(options, contextOf(options)),
    );
  command(contact, 'show <number>', 'show what is remembered of a number').action(
    async (number: string, options: JsonOption) =>
      (await import('./commands/contact/show.js')).showContact(number, contextOf(options)),
  );
}

function addChangingCommands(contact: Command, contextOf: ContextOf): void {
  command(contact, 'pause [number]', 'send a number no automatic replies for a while')
    .option('--for <time>', 'how long, such as 90m, 12h or 7d', '12h')
    .option('--all', 'pause the replies to all numbers')
    .action(async (number: string | undefined, options: PauseOptions) =>
      (await import('./commands/contact/pause.js')).pauseContact(number, options, contextOf(options)),
    );
  command(contact, 'resume [number]', 'end a pause, or take a number back from a person')
    .option('--all', 'end the pause of the replies to all numbers')
    .action(async (number: string | undefined, options: ResumeOptions) =>
      (await import('./commands/contact/pause.js')).resumeContact(number, options, contextOf(options)),
    );
  command(contact, 'opt-out <number>', 'send a number no automatic replies any more').action(
    async (number: string, options: JsonOption) =>
      (await import('./commands/contact/opt-out.js')).optOut(number, contextOf(options)),
  );
  command(contact, 'opt-in <number>', 'remove what is remembered of a number, an opt-out too').action(
    async (number: string, options: JsonOption) =>
      (await import('./commands/contact/opt-out.js')).optIn(number, contextOf(options)),
  );
}

function addFileCommands(contact: Command, contextOf: ContextOf): void {
  command(contact, 'import <file>', 'opt out the numbers of a CSV file')
    .option('--source <text>', 'source of lines that have none', 'import')
    .option('--dry-run', 'check the file, and import nothing')
    .option('--rate <number>', 'numbers per second', wholeNumber, 20)
    .action(async (file: string, options: ContactImportOptions) =>
      (await import('./commands/contact/import.js')).importContacts(file, options, contextOf(options)),
    );
  command(contact, 'export [file]', 'write contacts as CSV, with whole numbers (default: to stdout)')
    .option('--state <state>', `contacts in this state: ${contactStates.join(', ')}`, oneOf(contactStates), 'opted-out')
    .action(async (file: string | undefined, options: ContactExportOptions) =>
      (await import('./commands/contact/export.js')).exportContacts(file, options, contextOf(options)),
    );
}
