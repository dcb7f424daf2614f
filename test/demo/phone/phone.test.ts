import { describe, expect, it } from 'vitest';
import type { Entry, WrittenEntry } from '../../../src/demo/phone/conversations.js';
import type { RunDetails } from '../../../src/temporal/runs/run.js';
import type { EventStream } from './event-stream.js';
import { eventually } from '../../kit/eventually.js';
import { askedFor, posted, gateway, post, released, says, shown, usePhone, watch, write } from './phone-setup.js';

usePhone();

const written = (stream: EventStream, fits: (entry: WrittenEntry) => boolean) =>
  stream.wait<Entry>('entry', (entry) => entry.kind === 'written' && fits(entry)) as Promise<WrittenEntry>;

function aRun(changes: Partial<RunDetails> = {}): RunDetails {
  return {
    workflowId: 'w',
    runId: 'r',
    state: 'running',
    startedAt: '2026-01-01T00:00:00.000Z',
    url: 'http://localhost:8233/namespaces/default/workflows/w/r/history',
    ...changes,
  };
}

describe('a conversation', () => {
  it('has every text and reply of one person, whatever the notation of the number', async () => {
    const stream = await watch();
    for (const number of ['+15550001234', '+1 555 000 1234', '0015550001234', '(555) 000-1234']) {
      const guid = await write('Yes', number);
      expect(await written(stream, ({ id }) => id === guid)).toMatchObject({ number, sender: '+15550001234' });
    }
    await fetch(`${gateway.url}/sendsms/`, {
      method: 'POST',
      body: new URLSearchParams({ apikey: 'k', recipients: '555 000 1234', message: 'Thanks' }),
    });
    expect(await stream.wait<Entry>('entry', ({ kind }) => kind === 'reply')).toMatchObject({
      number: '555 000 1234',
      sender: '+15550001234',
    });
  });

  it('is found by the number that is typed', async () => {
    const { page } = await (await watch()).wait<{ page: string }>('state');
    expect(await post('shown', { page, number: '+1 555 000 1234' })).toMatchObject({
      status: 200,
      body: { sender: '+15550001234' },
    });
    expect((await post('shown', { page, number: ' MPESA ' })).body).toEqual({ sender: 'MPESA' });
    expect((await post('shown', { page: 'closed', number: '1' })).body).toEqual({ sender: '1' });
    expect((await post('shown', { page, number: ' ' })).status).toBe(422);
    expect((await post('shown', { number: '1' })).status).toBe(422);
  });

  it('is polled at once when a reply goes to another notation of its number', async () => {
    const guid = await write('Yes', '+1 555 000 1234');
    const stream = await watch();
    shown.set(guid, aRun());
    await written(stream, ({ run }) => run?.state === 'running');
    await fetch(`${gateway.url}/sendsms/`, {
      method: 'POST',
      body: new URLSearchParams({ apikey: 'k', recipients: '+15550001234', message: 'Thanks' }),
    });
    shown.set(guid, aRun({ state: 'ended' }));
    await written(stream, ({ run }) => run?.state === 'ended');
  });
});

describe('a text', () => {
  it('is shown from the writing to its reply, on every page, also on one that opens later', async () => {
    const stream = await watch();
    expect(await stream.wait('state')).toEqual({
      page: expect.any(String),
      entries: [],
      mode: 'works',
      doublesTexts: false,
      temporal: {},
    });
    const guid = await write('<b>Yes</b>');
    expect(await written(stream, ({ post: state }) => state === 'under way')).toMatchObject({
      id: guid,
      number: '+15550001234',
      text: '<b>Yes</b>',
    });
    await written(stream, ({ post: state }) => state === 'accepted');
    expect(posted).toEqual([{ guid, number: '+15550001234', text: '<b>Yes</b>', at: expect.any(Date) as unknown }]);

    shown.set(guid, aRun({ verdict: { label: 'Agree', by: 'rules' } }));
    await written(stream, ({ run }) => run?.verdict?.label === 'Agree');
    await fetch(`${gateway.url}/sendsms/`, {
      method: 'POST',
      body: new URLSearchParams({ apikey: 'k', recipients: '+15550001234', message: 'Thanks' }),
    });
    const id = gateway.sent.texts[0]?.id as string;
    expect(await stream.wait<Entry>('entry', ({ kind }) => kind === 'reply')).toMatchObject({
      id,
      number: '+15550001234',
      text: 'Thanks',
    });
    shown.set(guid, aRun({ state: 'done', outcome: { reply: 'sent', gatewayMessageId: id } }));
    await written(stream, ({ run }) => run?.outcome?.reply === 'sent');

    const later = await (await watch()).wait<{ entries: Entry[] }>('state');
    expect(later.entries.map((entry) => [entry.kind, entry.id])).toEqual([
      ['written', guid],
      ['reply', id],
    ]);
  });

  it('that the webhook does not accept says why, and is posted again with the same GUID', async () => {
    const stream = await watch();
    says.webhook = 'The webhook answered 503: not yet';
    const guid = await write();
    expect(await written(stream, ({ post: state }) => state === 'not accepted')).toMatchObject({
      problem: says.webhook,
    });
    says.webhook = undefined;
    await post('post-again', { guid });
    await written(stream, ({ post: state }) => state === 'accepted');
    expect(posted.map((one) => one.guid)).toEqual([guid, guid]);
    await post('post-again', { guid });
    expect(posted).toHaveLength(2);
    expect((await post('post-again', { guid: 'unknown' })).status).toBe(404);
  });

  it('that is posted twice is shown twice, and either one is posted again by its own id', async () => {
    const stream = await watch();
    await post('doubles', { doublesTexts: true });
    says.webhook = 'The webhook answered 503: not yet';
    const guid = await write();
    const double = await written(stream, (entry) => entry.id !== guid && entry.post === 'not accepted');
    expect(double).toMatchObject({ text: 'Yes', sender: '+15550001234' });
    says.webhook = undefined;
    await post('post-again', { guid: double.id });
    await written(stream, ({ id, post: state }) => id === double.id && state === 'accepted');
    expect(posted.map((one) => one.guid)).toEqual([guid, double.id, double.id]);
  });

  it('is polled while a page is open, one request at a time, until its run is over', async () => {
    const guid = await write();
    await eventually(() => posted.length === 1);
    expect(askedFor).toEqual([]);
    const stream = await watch();
    shown.set(guid, aRun());
    await written(stream, ({ run }) => run?.state === 'running');
    shown.set(guid, aRun({ state: 'ended' }));
    await written(stream, ({ run }) => run?.state === 'ended');
    const asked = askedFor.length;
    // What is looked at again by itself is looked at within 300 ms.
    const other = await write();
    await eventually(() => askedFor.filter((one) => one === other).length > 2);
    expect(askedFor.filter((one) => one === guid)).toHaveLength(asked);
  });

  it('whose reply is parked is released by the signal, and shown as released until it fails again', async () => {
    const stream = await watch();
    const guid = await write();
    shown.set(
      guid,
      aRun({ state: 'failed', lastFailure: 'answered 400', lastFailureAt: '2026-01-01T00:00:01.000Z', tries: 1 }),
    );
    await written(stream, ({ run }) => run?.state === 'failed');
    expect((await post('release', { guid })).status).toBe(200);
    expect(released).toEqual([guid]);
    await written(stream, ({ releasedAfter }) => releasedAfter === '2026-01-01T00:00:01.000Z');
    says.temporal = 'gone';
    expect(await post('release', { guid })).toMatchObject({
      status: 503,
      body: { type: '/problems/temporal-away', detail: 'The reply could not be released: gone' },
    });
    expect((await post('release', { guid: 'unknown' })).status).toBe(404);
  });

  it('waits while Temporal does not respond; the page says so once, and says when it is back', async () => {
    const stream = await watch();
    says.temporal = 'No Temporal server answers';
    const guid = await write();
    expect(await stream.wait('temporal')).toEqual({ problem: 'No Temporal server answers' });
    await eventually(() => askedFor.length > 2);
    expect(stream.events.filter(({ name }) => name === 'temporal')).toHaveLength(1);
    says.temporal = undefined;
    shown.set(guid, aRun());
    await stream.wait<{ problem?: string }>('temporal', ({ problem }) => problem === undefined);
    await written(stream, ({ run }) => run !== undefined);
  });

  it.each([
    ['without a number', { number: ' ', text: 'Yes' }, 422, /number/],
    ['with too long a number', { number: '1'.repeat(65), text: 'Yes' }, 422, /number/],
    ['that is too long', { number: '1', text: 'x'.repeat(40_001) }, 422, /text/],
    ['that is absent', { number: '1' }, 422, /text/],
    ['past every limit', { number: '1', text: 'x'.repeat(300_000) }, 413, /262144/],
    ['that is no JSON', '[', 400, /JSON/],
  ])('%s is refused with the reason', async (_which, body, status, detail) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/phone/texts`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(((await response.json()) as { detail: string }).detail).toMatch(detail);
    expect(posted).toEqual([]);
  });

  it('may be long and in any script', async () => {
    await write('😀'.repeat(20_000), 'MPESA');
    await eventually(() => posted[0]?.text.length === 40_000);
  });
});
