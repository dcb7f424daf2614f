import { expect, it } from 'vitest';
import { type AskedContacts, type AskedLimits, refusalOf } from '../../src/activities/refusal.js';
import type { ContactState } from '../../src/domain/contact.js';
import type { Despite } from '../../src/domain/decision.js';
import { noContacts, noLimits } from '../helpers/contacts.js';
import { aMessage } from '../helpers/messages.js';

const refused = (
  { contacts, limits }: { contacts?: Partial<AskedContacts>; limits?: Partial<AskedLimits> } = {},
  { despite, isReleased = false }: { despite?: Despite; isReleased?: boolean } = {},
) =>
  refusalOf(
    aMessage(),
    { workflowId: 'm1', startedAtMs: 0, isReleased, ...(despite && { despite }) },
    { contacts: { ...noContacts, ...contacts }, limits: { ...noLimits, ...limits } },
  );

const over = { allowSender: async () => false };
const dayOver = { allowDay: async () => false };
const is = (state: ContactState) => ({ stateOf: async () => state });

it('nothing holds a reply back by itself', async () => {
  expect(await refused()).toBeUndefined();
});

it('a limit holds a reply back, but not one that an operator releases', async () => {
  expect(await refused({ limits: over })).toBe('sender-limit');
  expect(await refused({ limits: dayOver })).toBe('day-limit');
  expect(await refused({ limits: { ...over, ...dayOver } }, { isReleased: true })).toBeUndefined();
});

it.each([
  ['opted-out', 'opted-out'],
  ['paused', 'paused'],
  ['handed-over', 'handed-over'],
  ['unreachable', undefined],
] as const)('a sender who is %s, and a reply that an operator releases', async (state, reason) => {
  expect(await refused({ contacts: is(state) })).toBe(state);
  expect(await refused({ contacts: is(state) }, { isReleased: true })).toBe(reason);
});

it('a sender who gets nothing is not counted', async () => {
  const allowSender = () => Promise.reject(new Error('counted'));
  expect(await refused({ contacts: is('paused'), limits: { allowSender } })).toBe('paused');
});

it('a confirmation passes everything', async () => {
  const everything = { contacts: { ...is('opted-out'), isEveryonePaused: async () => true }, limits: over };
  expect(await refused(everything, { despite: 'anything' })).toBeUndefined();
});

it('the confirmation of a START passes everything but a STOP that came after it', async () => {
  const everything = { contacts: { ...is('paused'), isEveryonePaused: async () => true }, limits: over };
  expect(await refused(everything, { despite: 'pause' })).toBeUndefined();
  expect(await refused({ contacts: is('opted-out') }, { despite: 'pause' })).toBe('opted-out');
});

it.each([
  ['a hand-over', is('handed-over'), {}, undefined],
  ['a pause', is('paused'), {}, undefined],
  ["the sender's limit", {}, over, undefined],
  ['the limit of the day', {}, dayOver, 'day-limit'],
  ['an opt-out', is('opted-out'), {}, 'opted-out'],
  ['a number that is unreachable', is('unreachable'), {}, 'unreachable'],
  ['the pause of all replies', { isEveryonePaused: async () => true }, {}, 'paused'],
] as const)('a holding reply and %s', async (_name, contacts, limits, reason) => {
  expect(await refused({ contacts, limits }, { despite: 'hand-over' })).toBe(reason);
});
