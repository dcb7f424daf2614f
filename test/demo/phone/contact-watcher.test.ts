import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createContactWatcher } from '../../../src/demo/phone/contact-watcher.js';
import type { Contact } from '../../../src/domain/contact.js';

const sender = '+15550001234';
const paused: Contact = { state: 'paused', sender, since: '2026-01-01T00:00:00.000Z', source: 'limit' };

const find = vi.fn<() => Promise<Contact | undefined>>();
const onContact = vi.fn();
let watcher: ReturnType<typeof createContactWatcher>;
beforeEach(() => {
  vi.useFakeTimers();
  find.mockReset().mockResolvedValue(undefined);
  onContact.mockReset();
  watcher = createContactWatcher({
    contacts: { find, findEveryone: async () => undefined },
    identitiesOf: (number) => [number],
    onContact,
  });
});
afterEach(() => {
  watcher.close();
  vi.useRealTimers();
});

const states = () => onContact.mock.calls.map(([{ state }]) => state as unknown);

it('a contact that a command changes is seen within 3 s', async () => {
  watcher.watch(sender, sender);
  await vi.advanceTimersByTimeAsync(10);
  expect(states()).toEqual([null]);
  find.mockResolvedValue(paused);
  await vi.advanceTimersByTimeAsync(3_000);
  find.mockResolvedValue(undefined);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(states()).toEqual([null, 'paused', null]);
});

it('a sender has one look at a time, and one more for all that were asked meanwhile', async () => {
  let found: (contact?: Contact) => void = () => {};
  find.mockImplementation(() => new Promise((resolve) => (found = resolve)));
  watcher.watch(sender, sender);
  const later = [watcher.look(sender), watcher.look(sender)];
  await vi.advanceTimersByTimeAsync(30_000);
  expect(find).toHaveBeenCalledTimes(1);
  found();
  await vi.advanceTimersByTimeAsync(10);
  expect(find).toHaveBeenCalledTimes(2);
  expect(states()).toEqual([null]);
  found(paused);
  await Promise.all(later);
  expect(states()).toEqual([null, 'paused']);
});

it('a failed look changes nothing, and the next one is made in time', async () => {
  find.mockRejectedValueOnce(new Error('gone')).mockResolvedValueOnce(paused).mockRejectedValueOnce(new Error('gone'));
  watcher.watch(sender, sender);
  await vi.advanceTimersByTimeAsync(10);
  expect(states()).toEqual([]);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(states()).toEqual(['paused']);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(states()).toEqual(['paused', null]);
});

it('a sender that no page shows is not looked at, and what is found late is not told', async () => {
  let found: (contact?: Contact) => void = () => {};
  find.mockImplementation(() => new Promise((resolve) => (found = resolve)));
  watcher.watch(sender, sender);
  watcher.keepOnly(new Set([undefined]));
  found(paused);
  await watcher.look(sender);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(find).toHaveBeenCalledTimes(1);
  expect(onContact).not.toHaveBeenCalled();
});
