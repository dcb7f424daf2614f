import { loadConfig } from '../../../config/config.js';
import { facts } from '../../../process/output.js';
import { everyoneDocument, everyoneLine, stateWords } from '../../contact-words.js';
import type { Context } from '../../context.js';
import { remembered } from '../../remembered.js';
import { requirePhoneNumber } from '../../senders.js';
import { withContacts } from '../../with-contacts.js';

/** `answerback contact show NUMBER`: shows what is remembered of a number, under any of its notations. */
export async function showContact(typed: string, { env, output }: Context): Promise<void> {
  const config = loadConfig(env);
  const { possible } = requirePhoneNumber(typed, config);
  await withContacts(
    config,
    async (contacts) => {
      const everyone = await contacts.findEveryone();
      const contact = await remembered(contacts, possible);
      if (!contact) {
        const nothing = 'Nothing is remembered of this number: it gets automatic replies';
        output.print({ contact: null, everyone: everyoneDocument(everyone) }, nothing);
      } else {
        const { sender: number, state, since, until, source, words, run } = contact;
        output.print(
          { contact: { number, state, since, until, source, words, run }, everyone: everyoneDocument(everyone) },
          facts([
            ['Number', number],
            ['State', stateWords[state]],
            ['Since', since],
            ['Until', until ?? 'it is changed'],
            ['Source', source],
            ['Words', words],
            ['Run', run],
          ]),
        );
      }
      if (everyone) output.say(everyoneLine(everyone));
    },
    { isReader: true },
  );
}
