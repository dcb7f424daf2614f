import { describe, expect, it } from 'vitest';
import type { Contacts } from '../../src/temporal/contacts.js';
import { aContact, aPause, contacts, interceptedContacts, inTime, useContacts } from './contact-setup.js';

useContacts();

type Change = (on: Contacts, sender: string) => Promise<unknown>;

/** A START that came before the STOP does not end it. */
const before = inTime(-1_000);
const changes: Array<[string, Change]> = [
  ['a pause', (on, sender) => on.pause(aPause({ sender, since: before }))],
  ['a hand-over', (on, sender) => on.pause(aPause({ sender, since: before, state: 'handed-over' }))],
  ['a resumption', (on, sender) => on.resume(sender)],
  ['a removal', (on, sender) => on.remove(sender, { before: inTime(-500) })],
];

describe('an opt-out', () => {
  it.each(changes)(
    'that is written while %s is under way stays, in 50 tries',
    { timeout: 120_000 },
    async (_, change) => {
      const oneTry = async (isPaused: boolean) => {
        const { sender } = aPause();
        if (isPaused) await contacts.pause(aPause({ sender, since: before }));
        const stop = aContact({ sender });
        await Promise.all([change(contacts, sender), contacts.optOut(stop)]);
        expect(await contacts.find([sender])).toEqual(stop);
      };
      await Promise.all(Array.from({ length: 50 }, (_none, index) => oneTry(index % 2 === 0)));
    },
  );

  it.each(changes)('that is written after the look of %s stays', { timeout: 30_000 }, async (_, change) => {
    const { sender } = aPause();
    const stop = aContact({ sender });
    await contacts.pause(aPause({ sender, since: before }));
    let ends = 0;
    const late = interceptedContacts({
      terminate: async (input, next) => {
        if (++ends === 1) await contacts.optOut(stop);
        return next(input);
      },
    });
    await change(late, sender);
    expect(ends).toBe(1);
    expect(await contacts.find([sender])).toEqual(stop);
  });

  it('that is written after the end of a pause is not replaced by the next pause', async () => {
    const { sender } = aPause();
    const stop = aContact({ sender });
    await contacts.pause(aPause({ sender }));
    const late = interceptedContacts({
      terminate: async (input, next) => {
        const ended = await next(input);
        await contacts.optOut(stop);
        return ended;
      },
    });
    expect(await late.pause(aPause({ sender }))).toBe(false);
    expect(await contacts.find([sender])).toEqual(stop);
  });

  it('that is written after the look of a removal without a time stays, and the removal fails', async () => {
    const { sender } = aPause();
    const stop = aContact({ sender });
    await contacts.pause(aPause({ sender }));
    const late = interceptedContacts({
      terminate: async (input, next) => {
        await contacts.optOut(stop);
        return next(input);
      },
    });
    await expect(late.remove(sender)).rejects.toThrow('The contact was changed at the same moment: run this again');
    expect(await contacts.find([sender])).toEqual(stop);
  });
});
