import { loadConfig } from '../../../config/config.js';
import { OperatorError } from '../../../process/errors.js';
import { createProgress } from '../../../process/progress.js';
import type { ContactRun } from '../../../temporal/contact-runs.js';
import { finishChange, inspectInstallation } from '../../../temporal/installation.js';
import { createRekey } from '../../../temporal/rekey.js';
import { createSenderKey } from '../../../temporal/sender-key.js';
import type { Context } from '../../context.js';
import type { ContactRekeyOptions } from '../../options.js';
import { paced } from '../../paced.js';
import { untilNothingIsFound } from '../../until-nothing-is-found.js';
import { withContacts } from '../../with-contacts.js';

/** How many contacts are moved at once, at most. */
const maxAtOnce = 10;

/** How many contacts are held in memory. */
const chunkSize = 500;

/** `answerback contact rekey`: moves all contacts to the first secret of ANSWERBACK_SECRET. */
export async function rekeyContacts({ rate }: ContactRekeyOptions, { env, streams, output }: Context): Promise<void> {
  await withContacts(loadConfig(env), async (_contacts, { temporal, client, secrets }) => {
    if ((await inspectInstallation(temporal, secrets)) === 'old-first')
      throw new OperatorError(
        'The first secret of ANSWERBACK_SECRET is one that was replaced',
        'put the new one first, and run this again',
      );
    const rekey = createRekey(client, createSenderKey(secrets[0]));
    const progress = createProgress(streams.err, 'Moving contacts');
    let moved = 0;
    const look = async () => {
      const before = moved;
      for await (const chunk of chunksOf(rekey.list()))
        await paced(chunk, { perSecond: rate, maxAtOnce }, async (contact) => {
          if (await rekey.move(contact)) progress.now(`${++moved} moved`);
        });
      return moved - before;
    };
    try {
      await untilNothingIsFound(look, keepsComing());
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      const { message } = error as Error;
      throw new OperatorError(`Temporal failed after ${moved} contacts were moved (${message})`, 'run this again');
    } finally {
      progress.end();
    }
    await finishChange(temporal, secrets);
    output.print({ moved }, `Moved to the first secret: ${moved}. No contact is kept under another one`);
  });
}

const keepsComing = () =>
  new OperatorError(
    'Contacts keep being written under another secret',
    'put the new secret first in ANSWERBACK_SECRET of every process, and run this again',
  );

async function* chunksOf(contacts: AsyncIterable<ContactRun>): AsyncGenerator<ContactRun[]> {
  let chunk: ContactRun[] = [];
  for await (const contact of contacts) {
    chunk.push(contact);
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}
