import { loadConfig } from '../../../config/config.js';
import { maskNumber } from '../../../log/mask-number.js';
import { UsageError } from '../../../process/errors.js';
import type { Contacts } from '../../../temporal/contacts.js';
import { durationMs, unitMs } from '../../../variables/kinds.js';
import { everyoneDocument, hasOptedOut } from '../../contact-words.js';
import type { Context } from '../../context.js';
import type { PauseOptions, ResumeOptions } from '../../options.js';
import { remembered } from '../../remembered.js';
import { type PhoneNumber, requirePhoneNumber } from '../../senders.js';
import { withContacts } from '../../with-contacts.js';

/** A longer pause is rather an opt-out. Temporal accepts delays of up to 250 years. */
const maxDays = 3_650;

/** `answerback contact pause NUMBER`, or `--all`: sends no automatic replies for a while. */
export async function pauseContact(
  typed: string | undefined,
  { all = false, for: duration }: PauseOptions,
  { env, output }: Context,
): Promise<void> {
  if (all === (typed !== undefined)) throw new UsageError('Give a number or --all');
  const pausedForMs = pauseOf(duration);
  const config = loadConfig(env);
  const number = typed === undefined ? undefined : requirePhoneNumber(typed, config);
  await withContacts(config, async (contacts) => {
    const now = Date.now();
    const since = new Date(now).toISOString();
    const until = new Date(now + pausedForMs).toISOString();
    const pause = { since, until, source: 'operator' };
    if (!number) {
      await contacts.pauseEveryone(pause);
      return output.print({ everyone: pause }, `Paused until ${until}: the replies to all numbers`);
    }
    const masked = maskNumber(number.sender);
    if (!(await pauseNumber(number, pause, contacts))) throw hasOptedOut(masked, 'is not paused');
    output.print({ number: masked, state: 'paused', until }, `Paused until ${until}: ${masked}`);
  });
}

/** `answerback contact resume NUMBER`, or `--all`: ends what is remembered. An opt-out stays. */
export async function resumeContact(
  typed: string | undefined,
  { all = false }: ResumeOptions,
  { env, output }: Context,
): Promise<void> {
  if (all === (typed !== undefined)) throw new UsageError('Give a number or --all');
  const config = loadConfig(env);
  const number = typed === undefined ? undefined : requirePhoneNumber(typed, config);
  await withContacts(config, async (contacts) => {
    if (!number) {
      const changed = await contacts.resumeEveryone();
      const words = changed ? 'Resumed: automatic replies' : 'Automatic replies were not paused';
      return output.print({ everyone: everyoneDocument(undefined), changed }, words);
    }
    const masked = maskNumber(number.sender);
    const ends: string[] = [];
    for (const sender of number.possible) ends.push(await contacts.resume(sender));
    if (ends.includes('opted-out')) throw hasOptedOut(masked, 'stays so');
    const changed = ends.includes('resumed');
    const words = changed ? `Resumed: ${masked}` : `${masked} was not paused and not handed over`;
    output.print({ number: masked, state: null, changed }, words);
  });
}

/** Returns false when the number has opted out, under any of its identities. */
async function pauseNumber(
  { kept, possible }: PhoneNumber,
  pause: { since: string; until: string; source: string },
  contacts: Contacts,
): Promise<boolean> {
  if ((await remembered(contacts, possible))?.state === 'opted-out') return false;
  for (const sender of kept) if (!(await contacts.pause({ state: 'paused', sender, ...pause }))) return false;
  return true;
}

function pauseOf(duration: string): number {
  const parsed = durationMs.safeParse(duration).data;
  if (!parsed || parsed > maxDays * unitMs.d)
    throw new UsageError(`--for must be a number with s, m, h or d, such as 12h, and at most ${maxDays}d`);
  return parsed;
}
