import { expect, it } from 'vitest';
import { createProlong } from '../../src/activities/prolong.js';
import type { Contact } from '../../src/domain/contact.js';
import { anActivity } from '../helpers/activity.js';
import { aMessage } from '../helpers/messages.js';

const from = '+15550001234';
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
const handedOver: Contact = {
  state: 'handed-over',
  sender: from,
  since: at(0),
  until: at(10),
  forMs: 600_000,
  source: 'text',
};

/** Returns the end of a contact after a text in this minute. */
async function untilAfter(contact: Contact | undefined, minute: number) {
  let kept = contact;
  const contacts = {
    async prolong(_sender: string, untilOf: (contact: Contact) => string | undefined) {
      const until = kept && untilOf(kept);
      if (kept && until) kept = { ...kept, until };
    },
  };
  await anActivity().run(createProlong({ contacts }), aMessage({ from, acceptedAt: at(minute) }));
  return kept?.until;
}

it('a hand-over lasts from the last text on', async () => {
  expect(await untilAfter(handedOver, 15)).toBe(at(25));
});

it('quick texts write nothing', async () => {
  expect(await untilAfter({ ...handedOver, until: at(14) }, 8)).toBe(at(14));
});

it.each([
  ['the pause of an operator', { ...handedOver, state: 'paused', source: 'operator', forMs: undefined }, at(10)],
  ['an opt-out', { ...handedOver, state: 'opted-out', until: undefined, forMs: undefined }, undefined],
  ['nothing', undefined, undefined],
] as const)('%s stays as it is', async (_name, contact, until) => {
  expect(await untilAfter(contact as Contact | undefined, 25)).toBe(until);
});
