import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ShownContact } from '../../../src/demo/phone/contact-watcher.js';
import type { Contact } from '../../../src/domain/contact.js';
import { contacts, gateway, post, says, shown, usePhone, watch, write } from './phone-setup.js';

// Without the looks that have no cause.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval'] }));
afterEach(() => void vi.useRealTimers());
usePhone();

const sender = '+15550001234';
const since = '2026-01-01T00:00:00.000Z';
const until = '2026-01-01T12:00:00.000Z';

const remember = (changes: Partial<Contact> = {}, under = sender) =>
  contacts.set(under, { state: 'paused', sender: under, since, until, source: 'limit', ...changes });

/** Opens a page that shows a number. */
async function watchNumber(number = '+1 555 000 1234') {
  const stream = await watch();
  const { page } = await stream.wait<{ page: string }>('state');
  expect((await post('shown', { page, number })).status).toBe(200);
  const reported = () =>
    stream.events.flatMap(({ name, data }) => (name === 'contact' ? [(data as ShownContact).state] : []));
  const state = (expected: ShownContact['state']) =>
    stream.wait<ShownContact>('contact', (contact) => contact.state === expected);
  return { stream, page, reported, state };
}

describe('what is remembered of a sender', () => {
  it.each<[string, Pick<Contact, 'state' | 'source'>]>([
    ['an opt-out', { state: 'opted-out', source: 'text' }],
    ['a pause by a limit', { state: 'paused', source: 'limit' }],
    ['a pause by the operator', { state: 'paused', source: 'operator' }],
    ['a hand-over', { state: 'handed-over', source: 'text' }],
  ])('is told to a page that shows the number: %s', async (_what, changes) => {
    remember({ words: 'secret', ...changes });
    const { state } = await watchNumber();
    expect(await state(changes.state)).toEqual({ sender, since, until, ...changes });
  });

  it('may have no end', async () => {
    contacts.set(sender, { state: 'opted-out', sender, since, source: 'text' });
    expect(await (await watchNumber()).state('opted-out')).toEqual({
      sender,
      state: 'opted-out',
      since,
      source: 'text',
    });
  });

  it('is found under the digits too, where the country code was added', async () => {
    remember({}, '5550001234');
    await (await watchNumber('(555) 000-1234')).state('paused');
  });

  it('is the pause of all replies only without a state of its own', async () => {
    remember({ source: 'operator' }, 'everyone');
    const { state } = await watchNumber();
    expect(await state('everyone-paused')).toEqual({
      sender,
      state: 'everyone-paused',
      since,
      until,
      source: 'operator',
    });
    remember({ state: 'opted-out' });
    await (await watchNumber()).state('opted-out');
  });

  it('is looked at when a run of the sender changes, and told only when it is another', async () => {
    const { stream, state, reported } = await watchNumber();
    await state(null);
    const guid = await write('STOP');
    remember({ state: 'opted-out' });
    shown.set(guid, { workflowId: guid, runId: 'r', state: 'running', startedAt: since, url: '/' });
    await state('opted-out');
    shown.set(guid, { workflowId: guid, runId: 'r', state: 'ended', startedAt: since, url: '/' });
    await stream.wait<{ run?: { state: string } }>('entry', ({ run }) => run?.state === 'ended');
    remember({ state: 'handed-over' });
    await sendReply();
    await state('handed-over');
    expect(reported()).toEqual([null, 'opted-out', 'handed-over']);
  });

  it('is looked at when a reply goes out', async () => {
    const { state } = await watchNumber();
    await state(null);
    remember();
    await sendReply();
    await state('paused');
  });

  it('is told again to a page that shows the number as well', async () => {
    remember();
    await (await watchNumber()).state('paused');
    await (await watchNumber('001 555 000 1234')).state('paused');
  });

  it('stays as it was while Temporal does not respond', async () => {
    remember();
    const { stream, state, reported } = await watchNumber();
    await state('paused');
    says.temporal = 'gone';
    contacts.clear();
    await sendReply();
    await stream.wait('entry', ({ kind }) => kind === 'reply');
    says.temporal = undefined;
    await sendReply();
    await state(null);
    expect(reported()).toEqual(['paused', null]);
  });
});

describe('a pause', () => {
  it('ends on the page at once when it is resumed there', async () => {
    remember();
    remember({}, '5550001234');
    const { state } = await watchNumber('(555) 000-1234');
    await state('paused');
    expect((await post('resume', { number: '(555) 000-1234' })).status).toBe(200);
    expect(contacts.size).toBe(0);
    await state(null);
  });

  it('that cannot be ended says why, and an opt-out is never ended', async () => {
    remember({ state: 'opted-out' });
    expect((await post('resume', { number: sender })).status).toBe(200);
    expect(contacts.size).toBe(1);
    says.temporal = 'gone';
    expect(await post('resume', { number: sender })).toMatchObject({
      status: 503,
      body: { type: '/problems/temporal-away', detail: 'Automatic replies could not be resumed: gone' },
    });
    expect((await post('resume', { number: ' ' })).status).toBe(422);
  });
});

const sendReply = () =>
  fetch(`${gateway.url}/sendsms/`, {
    method: 'POST',
    body: new URLSearchParams({ apikey: 'k', recipients: sender, message: 'Thanks' }),
  });
