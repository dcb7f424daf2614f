import { expect, it } from 'vitest';
import { createRemember } from '../../src/activities/remember.js';
import type { Contact, ContactChange } from '../../src/domain/contact.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { anActivity } from '../helpers/activity.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';

const from = '+15550001234';
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
const optOut: ContactChange = { to: 'opted-out', words: 'STOP' };
const start: ContactChange = { to: 'none', words: 'START' };
const person: ContactChange = { to: 'handed-over', words: 'agent', forMs: 60_000 };

type By = { minute?: number; run?: string } & Partial<InboundMessage>;

/** What is remembered, and a function that lets a message of this minute change it. */
function memory() {
  const kept = new Map<string, Contact>();
  const { log, events } = recordingLog();
  const remember = createRemember({
    contacts: {
      find: async (senders) => senders.map((sender) => kept.get(sender)).find(Boolean),
      put: async (contact) => void kept.set(contact.sender, contact),
      remove: async (sender) => kept.delete(sender),
    },
    log,
  });
  return {
    kept,
    events,
    by: (change: ContactChange, { minute = 0, run = 'm1', ...message }: By = {}) =>
      anActivity({ workflowId: run }).run(remember, aMessage({ from, acceptedAt: at(minute), ...message }), change),
  };
}

it('an opt-out is kept, with its words, for good', async () => {
  const { kept, by, events } = memory();
  expect(await by(optOut)).toBe(true);
  expect(kept.get(from)).toEqual({
    state: 'opted-out',
    sender: from,
    since: at(0),
    source: 'text',
    words: 'STOP',
    run: 'm1',
  });
  expect(events).toMatchObject([{ event: 'contact.changed', guid: 'm1', to: 'opted-out' }]);
  expect(JSON.stringify(events)).not.toContain('555');
});

it('a second one changes nothing, but a repeated try of the first one did change something', async () => {
  const { by } = memory();
  await by(optOut);
  expect(await by(optOut)).toBe(true);
  expect(await by(optOut, { minute: 1, run: 'm2' })).toBe(false);
});

it('a start ends everything, and says whether there was anything', async () => {
  const { kept, by } = memory();
  expect(await by(start)).toBe(false);
  for (const change of [optOut, person]) {
    await by(change, { run: 'm1' });
    expect(await by(start, { minute: 1, run: 'm2' })).toBe(true);
    expect([...kept]).toEqual([]);
  }
});

it('a person is asked for until a time, and never in place of an opt-out', async () => {
  const { kept, by } = memory();
  await by(person);
  expect(kept.get(from)).toMatchObject({ state: 'handed-over', until: at(1) });
  await by(optOut, { minute: 1, run: 'm2' });
  expect(await by(person, { minute: 2, run: 'm3' })).toBe(false);
  expect(kept.get(from)).toMatchObject({ state: 'opted-out' });
});

it('an older message changes nothing that a newer one did', async () => {
  const { kept, by } = memory();
  await by(optOut, { minute: 5, run: 'm5' });
  expect(await by(start, { minute: 4, run: 'm4' })).toBe(false);
  expect(kept.get(from)).toMatchObject({ state: 'opted-out', since: at(5) });
});

it('a number without its country is kept under both of its identities', async () => {
  const { kept, by } = memory();
  const message = { from: '555 000 1234', sender: '+15550001234' };
  await by(optOut, message);
  expect([...kept.keys()]).toEqual(['+15550001234', '5550001234']);
  await by(start, { ...message, minute: 1, run: 'm2' });
  expect([...kept]).toEqual([]);
});
