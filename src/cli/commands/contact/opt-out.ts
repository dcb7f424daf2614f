import { loadConfig } from '../../../config/config.js';
import { maskNumber } from '../../../log/mask-number.js';
import type { Context } from '../../context.js';
import { remembered } from '../../remembered.js';
import { requirePhoneNumber } from '../../senders.js';
import { withContacts } from '../../with-contacts.js';

/** `answerback contact opt-out NUMBER`: opts a number out for good. An earlier opt-out keeps its date and words. */
export async function optOut(typed: string, { env, output }: Context): Promise<void> {
  const config = loadConfig(env);
  const { sender: number, kept, possible } = requirePhoneNumber(typed, config);
  await withContacts(config, async (contacts) => {
    const before = await remembered(contacts, possible);
    const earlier = before?.state === 'opted-out' ? before : undefined;
    const { since, source, words } = earlier ?? { since: new Date().toISOString(), source: 'operator' };
    for (const sender of kept) {
      if ((await contacts.stateOf([sender])) === 'opted-out') continue;
      await contacts.optOut({ state: 'opted-out', sender, since, source, ...(words !== undefined && { words }) });
    }
    const masked = maskNumber(number);
    output.print(
      { number: masked, state: 'opted-out', since, changed: !earlier },
      earlier ? `${masked} had opted out already, on ${since}` : `Opted out: ${masked}`,
    );
  });
}

/** `answerback contact opt-in NUMBER`: removes whatever is remembered of a number, under all of its notations. */
export async function optIn(typed: string, { env, output }: Context): Promise<void> {
  const config = loadConfig(env);
  const { sender: number, possible } = requirePhoneNumber(typed, config);
  await withContacts(config, async (contacts) => {
    let changed = false;
    for (const sender of possible) if (await contacts.remove(sender)) changed = true;
    const masked = maskNumber(number);
    output.print(
      { number: masked, state: null, changed },
      changed ? `Opted in: ${masked}` : `Nothing was remembered of ${masked}`,
    );
  });
}
