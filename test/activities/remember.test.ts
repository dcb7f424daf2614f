import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contact, ContactChange } from '../../src/domain/contact.js';
import { at, from, memory } from './remembering.js';

const optOut: ContactChange = { to: 'opted-out', words: 'STOP' };
const start: ContactChange = { to: 'none', words: 'START' };
const person: ContactChange = { to: 'handed-over', words: 'agent', forMs: 60_000 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(at(0)) }));
afterEach(() => void vi.useRealTimers());

const changed = { isChanged: true };
const stays = (state: string) => ({ isChanged: false, stays: state });

it('an opt-out is kept, with its words, for good, and told', async () => {
  const { kept, by, events, told } = memory();
  expect(await by(optOut)).toEqual(changed);
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
  expect(told).toMatchObject([
    { type: 'contact.opted-out', at: at(0), data: { guid: 'm1', source: 'text', label: 'a label' } },
  ]);
});

it('a second one changes nothing, but a repeated try of the first one did change something', async () => {
  const { by, told } = memory();
  await by(optOut);
  expect(await by(optOut)).toEqual(changed);
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  expect(await by(optOut, { minute: 1, run: 'm2' })).toEqual(stays('opted-out'));
});

it('a start ends everything, and says whether there was anything', async () => {
  const { kept, by } = memory();
  expect(await by(start)).toEqual(changed);
  for (const change of [optOut, person]) {
    await by(change, { run: 'm1' });
    expect(await by(start, { minute: 1, run: 'm2' })).toEqual(changed);
    expect([...kept]).toEqual([]);
  }
});

it('a person is asked for until a time, and never in place of an opt-out', async () => {
  const { kept, by } = memory();
  await by(person);
  expect(kept.get(from)).toMatchObject({ state: 'handed-over', until: at(1), forMs: 60_000 });
  await by(optOut, { minute: 1, run: 'm2' });
  expect(await by(person, { minute: 2, run: 'm3' })).toEqual(stays('opted-out'));
  expect(kept.get(from)).toMatchObject({ state: 'opted-out' });
});

it('a person who is asked for again is there for longer, and no less than a limit has set', async () => {
  const { kept, by } = memory();
  await by(person);
  expect(await by(person, { minute: 5, run: 'm2' })).toEqual(stays('handed-over'));
  expect(kept.get(from)).toMatchObject({ until: at(6), since: at(0), run: 'm1' });
  kept.set(from, { state: 'paused', sender: from, since: at(6), until: at(50), source: 'limit' });
  expect(await by(person, { minute: 7, run: 'm3' })).toEqual(changed);
  expect(kept.get(from)).toMatchObject({ state: 'handed-over', until: at(50) });
});

it("an operator's pause stays as it is, whatever the sender asks for, but for a STOP", async () => {
  const { kept, by, told } = memory();
  const pause: Contact = { state: 'paused', sender: from, since: at(0), until: at(50), source: 'operator' };
  kept.set(from, pause);
  expect(await by(person, { minute: 1, run: 'm1' })).toEqual(stays('paused'));
  expect(await by({ to: 'resumed', words: 'Thanks' }, { minute: 2, run: 'm2' })).toEqual(stays('paused'));
  // START is confirmed.
  expect(await by(start, { minute: 3, run: 'm3' })).toEqual({ isChanged: false });
  expect(kept.get(from)).toEqual(pause);
  expect(told).toEqual([]);
  expect(await by(optOut, { minute: 4, run: 'm4' })).toEqual(changed);
  expect(kept.get(from)).toMatchObject({ state: 'opted-out' });
});

it('a person answers for as long as ever when the number was unreachable', async () => {
  const { kept, by } = memory();
  kept.set(from, { state: 'unreachable', sender: from, since: at(0), until: at(50), source: 'twilio' });
  expect(await by(person, { minute: 1, run: 'm1' })).toEqual(changed);
  expect(kept.get(from)).toMatchObject({ state: 'handed-over', until: at(2) });
});

it('a text that waited for hours hands its sender over from now on', async () => {
  const { kept, by } = memory();
  vi.setSystemTime(Date.parse(at(50)));
  await by(person);
  expect(kept.get(from)).toMatchObject({ since: at(0), until: at(51) });
});

it('a limit is the source of a pause without words', async () => {
  const { kept, by, told } = memory();
  expect(await by({ to: 'paused', forMs: 60_000 })).toEqual(changed);
  expect(kept.get(from)).toMatchObject({ state: 'paused', source: 'limit' });
  expect(told).toMatchObject([{ type: 'contact.paused', data: { source: 'limit', until: at(1) } }]);
});

it('a label can end a hand-over, and nothing else', async () => {
  const { kept, by } = memory();
  await by(person);
  expect(await by({ to: 'resumed', words: 'Thanks' }, { minute: 1, run: 'm2' })).toEqual(changed);
  expect([...kept]).toEqual([]);
  await by(optOut, { minute: 2, run: 'm3' });
  expect(await by({ to: 'resumed', words: 'Thanks' }, { minute: 3, run: 'm4' })).toEqual(stays('opted-out'));
  expect(kept.get(from)).toMatchObject({ state: 'opted-out' });
});

it('an older message changes nothing that a newer one did', async () => {
  const { kept, by } = memory();
  await by(optOut, { minute: 5, run: 'm5' });
  expect(await by(start, { minute: 4, run: 'm4' })).toEqual(stays('opted-out'));
  expect(await by(start, { minute: 5, run: 'm6' })).toEqual(stays('opted-out'));
  expect(kept.get(from)).toMatchObject({ state: 'opted-out', since: at(5) });
});

describe('an opt-out at the provider', () => {
  const atProvider: ContactChange = { to: 'opted-out', source: 'twilio' };

  it('counts from the moment that the provider told it, and is told', async () => {
    const { kept, by, told } = memory();
    vi.setSystemTime(Date.parse(at(5)));
    expect(await by(atProvider)).toEqual(changed);
    expect([...kept.values()]).toEqual([
      { state: 'opted-out', sender: from, since: at(5), source: 'twilio', run: 'm1' },
    ]);
    expect(told).toMatchObject([{ type: 'contact.opted-out', data: { source: 'twilio' } }]);
    // A START that was accepted before changes nothing.
    expect(await by(start, { minute: 4, run: 'm2' })).toEqual(stays('opted-out'));
  });

  it('replaces a hand-over by the same message', async () => {
    const { kept, by } = memory();
    await by(person);
    expect(await by(atProvider)).toEqual(changed);
    expect(kept.get(from)).toMatchObject({ state: 'opted-out', source: 'twilio' });
  });

  it('changes nothing about an opt-out, also by the same message', async () => {
    const { kept, by, told } = memory();
    await by(optOut);
    expect(await by(atProvider)).toEqual(stays('opted-out'));
    expect(await by(atProvider, { minute: 1, run: 'm2' })).toEqual(stays('opted-out'));
    expect(kept.get(from)).toMatchObject({ source: 'text', words: 'STOP' });
    expect(told).toHaveLength(1);
  });
});

describe('a number that the provider calls unreachable', () => {
  const unreachable: ContactChange = { to: 'unreachable', source: 'twilio', forMs: 60_000 };

  it('is remembered for a time that no text moves, and told', async () => {
    const { kept, by, told } = memory();
    vi.setSystemTime(Date.parse(at(5)));
    expect(await by(unreachable)).toEqual(changed);
    expect([...kept.values()]).toEqual([
      { state: 'unreachable', sender: from, since: at(5), until: at(6), source: 'twilio', run: 'm1' },
    ]);
    expect(told).toMatchObject([{ type: 'contact.unreachable', data: { source: 'twilio', until: at(6) } }]);
  });

  it('replaces a hand-over, but neither an opt-out nor a newer pause', async () => {
    const { kept, by } = memory();
    await by(person);
    vi.setSystemTime(Date.parse(at(5)));
    expect(await by(unreachable)).toEqual(changed);
    kept.set(from, { state: 'paused', sender: from, since: at(6), until: at(50), source: 'operator' });
    expect(await by(unreachable, { run: 'm2' })).toEqual(stays('paused'));
    await by(optOut, { minute: 7, run: 'm3' });
    vi.setSystemTime(Date.parse(at(8)));
    expect(await by(unreachable, { run: 'm4' })).toEqual(stays('opted-out'));
  });

  it('is forgotten by a start', async () => {
    const { kept, by } = memory();
    await by(unreachable);
    expect(await by(start, { minute: 1, run: 'm2' })).toEqual(changed);
    expect([...kept]).toEqual([]);
  });
});

it('a stop ends a hand-over that is newer than it', async () => {
  const { kept, by } = memory();
  await by(person, { minute: 5, run: 'm5' });
  expect(await by(optOut, { minute: 4, run: 'm4' })).toEqual(changed);
  expect(kept.get(from)).toMatchObject({ state: 'opted-out', since: at(4) });
});

it('a number without its country is kept under both of its identities', async () => {
  const { kept, by } = memory();
  const message = { from: '555 000 1234', sender: '+15550001234' };
  await by(optOut, message);
  expect([...kept.keys()]).toEqual(['+15550001234', '5550001234']);
  await by(start, { ...message, minute: 1, run: 'm2' });
  expect([...kept]).toEqual([]);
});

it.each([optOut, person])(
  'a try that ended between two identities is completed by the next one: %j',
  async (change) => {
    const { kept, by } = memory();
    const message = { from: '555 000 1234', sender: '+15550001234' };
    await by(change, message);
    kept.delete('5550001234');
    expect(await by(change, message)).toEqual(changed);
    expect([...kept.values()]).toMatchObject([
      { sender: '+15550001234', state: change.to, since: at(0), run: 'm1' },
      { sender: '5550001234', state: change.to, since: at(0), run: 'm1' },
    ]);
  },
);
