import { readFile } from 'node:fs/promises';
import { type Config, loadConfig } from '../../../config/config.js';
import { OperatorError } from '../../../process/errors.js';
import type { Output } from '../../../process/output.js';
import { createProgress } from '../../../process/progress.js';
import type { Contacts } from '../../../temporal/contacts.js';
import { type ImportedContact, parseContactFile } from '../../contact-file/parse.js';
import type { Context } from '../../context.js';
import type { ContactImportOptions } from '../../options.js';
import { paced } from '../../paced.js';
import { withContacts } from '../../with-contacts.js';

/** How many numbers are imported at once, at most. */
const maxAtOnce = 10;

/** `answerback contact import FILE`: opts out the numbers of a CSV file, or none of them when a line is wrong. */
export async function importContacts(
  file: string,
  { source, dryRun = false, rate }: ContactImportOptions,
  { env, streams, output }: Context,
): Promise<void> {
  const config = loadConfig(env);
  const found = await readContacts(file, source, config, output);
  await withContacts(config, async (contacts) => {
    const document = { numbers: found.length, dryRun };
    if (dryRun)
      return output.print({ ...document, imported: 0, kept: 0 }, `To import: ${found.length}. Nothing was imported`);
    const counts = { imported: 0, kept: 0 };
    const progress = createProgress(streams.err, 'Importing', found.length);
    try {
      await paced(found, { perSecond: rate, maxAtOnce }, async (one) => {
        counts[await importOne(one, contacts)]++;
        progress.step();
      });
    } catch (error) {
      throw new OperatorError(
        `Temporal failed after ${counts.imported} numbers were imported (${(error as Error).message})`,
        'run this again for the rest',
      );
    } finally {
      progress.end();
    }
    const kept = counts.kept > 0 ? `, opted out already: ${counts.kept}` : '';
    output.print({ ...document, ...counts }, `Imported: ${counts.imported}${kept}`);
  });
}

/** @throws {OperatorError} after it has reported each wrong line */
async function readContacts(file: string, source: string, config: Config, output: Output): Promise<ImportedContact[]> {
  const { contacts, wrong } = parseContactFile(await readBytes(file), { source, config, now: new Date() });
  for (const { line, problem } of wrong) output.say(`line ${line}: ${problem}`);
  if (wrong.length > 0)
    throw new OperatorError(`${wrong.length} line(s) of ${file} are wrong, and nothing was imported`, 'correct them');
  return contacts;
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperatorError(`${file} can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Opts a number out, under each identity where no newer opt-out is remembered. An opt-out replaces a pause. */
async function importOne({ kept, ...contact }: ImportedContact, contacts: Contacts): Promise<'imported' | 'kept'> {
  let outcome: 'imported' | 'kept' = 'kept';
  for (const sender of kept) {
    const before = await contacts.find([sender]);
    if (before?.state === 'opted-out' && before.since >= contact.since) continue;
    await contacts.optOut({ ...contact, state: 'opted-out', sender });
    outcome = 'imported';
  }
  return outcome;
}
