import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPhoneApp } from '../../src/phone/app.js';
import type { Entry, WrittenEntry } from '../../src/phone/conversations.js';
import { createPhone, type Phone } from '../../src/phone/phone.js';
import type { WrittenText } from '../../src/simulated-gateway/deliver.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/simulated-gateway/server.js';
import type { RunDetails } from '../../src/temporal/runs.js';
import { type EventStream, openEventStream } from '../helpers/event-stream.js';
import { eventually } from '../helpers/eventually.js';
import { silentLog } from '../helpers/logs.js';
import { postJson } from '../helpers/product.js';

let gateway: SimulatedGateway;
let phone: Phone;
let streams: EventStream[];
let delivered: WrittenText[];
let released: string[];
let shown: Map<string, RunDetails>;
let askedFor: string[];
/** What the webhook and Temporal say, where they fail. */
let webhookSays: string | undefined;
let temporalSays: string | undefined;

beforeEach(async () => {
  [streams, delivered, released, askedFor, shown, webhookSays, temporalSays] = [[], [], [], [], new Map(), undefined, undefined];
  const parts = {
    async deliver(text: WrittenText) {
      delivered.push(text);
      if (webhookSays !== undefined) throw new Error(webhookSays);
      return text.guid as string;
    },
    runs: {
      async show(guid: string) {
        askedFor.push(guid);
        if (temporalSays !== undefined) throw new Error(temporalSays);
        return shown.get(guid);
      },
      async release(guid: string) {
        if (temporalSays !== undefined) throw new Error(temporalSays);
        released.push(guid);
      },
    },
  };
  gateway = await startSimulatedGateway({
    port: 0,
    page(switches) {
      phone = createPhone(parts, switches);
      const handle = createPhoneApp(phone, silentLog).callback();
      return (incoming, response) => void handle(incoming, response);
    },
  });
});
afterEach(async () => {
  phone.close();
  await gateway.close();
  await Promise.all(streams.map((stream) => stream.close()));
});

async function watch(): Promise<EventStream> {
  const stream = await openEventStream(`${gateway.url}/phone/events`);
  streams.push(stream);
  return stream;
}
const post = (path: string, body: unknown) => postJson(`${gateway.url}/phone/${path}`, body);
async function write(text = 'Yes', number = '+15550001234'): Promise<string> {
  const { status, body } = await post('texts', { number, text });
  expect(status).toBe(200);
  return body['guid'] as string;
}
const written = (stream: EventStream, fits: (entry: WrittenEntry) => boolean) => stream.wait<Entry>('entry', (entry) => entry.kind === 'written' && fits(entry)) as Promise<WrittenEntry>;

function aRun(changes: Partial<RunDetails> = {}): RunDetails {
  return { workflowId: 'w', runId: 'r', state: 'running', startedAt: '2026-01-01T00:00:00.000Z', url: 'http://localhost:8233/namespaces/default/workflows/w/r/history', ...changes };
}

/** A request with headers that fetch would not send. */
async function raw(method: string, path: string, headers: Record<string, string>, body = ''): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }> {
  const sent = request(gateway.url + path, { method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  // An answer that goes on for ever is ended by its reader.
  if (response.headers['content-type'] === 'text/event-stream') {
    response.destroy();
    return { status: response.statusCode, headers: response.headers, body: '' };
  }
  return { status: response.statusCode, headers: response.headers, body: await textOf(response) };
}

describe('a text', () => {
  test('is shown from the writing to its reply, to every page and to one that comes later', async () => {
    const stream = await watch();
    expect(await stream.wait('state')).toEqual({ entries: [], mode: 'works', temporal: {} });
    const guid = await write('<b>Yes</b>');
    expect(await written(stream, ({ delivery }) => delivery === 'under way')).toMatchObject({ id: guid, number: '+15550001234', text: '<b>Yes</b>' });
    await written(stream, ({ delivery }) => delivery === 'accepted');
    expect(delivered).toEqual([{ guid, number: '+15550001234', text: '<b>Yes</b>' }]);

    shown.set(guid, aRun({ verdict: { label: 'Agree', by: 'rules' } }));
    await written(stream, ({ run }) => run?.verdict?.label === 'Agree');
    await fetch(`${gateway.url}/sendsms/`, { method: 'POST', body: new URLSearchParams({ apikey: 'k', recipients: '+15550001234', message: 'Thanks' }) });
    const id = gateway.sent.texts[0]?.id as string;
    expect(await stream.wait<Entry>('entry', ({ kind }) => kind === 'reply')).toMatchObject({ id, number: '+15550001234', text: 'Thanks' });
    shown.set(guid, aRun({ state: 'done', outcome: { reply: 'sent', gatewayMessageId: id } }));
    await written(stream, ({ run }) => run?.outcome?.reply === 'sent');

    const later = await (await watch()).wait<{ entries: Entry[] }>('state');
    expect(later.entries.map((entry) => [entry.kind, entry.id])).toEqual([['written', guid], ['reply', id]]);
  });

  test('that the webhook does not take says why, and goes again with the same GUID', async () => {
    const stream = await watch();
    webhookSays = 'The webhook answered 503: not yet';
    const guid = await write();
    expect(await written(stream, ({ delivery }) => delivery === 'not accepted')).toMatchObject({ problem: webhookSays });
    webhookSays = undefined;
    await post('deliver-again', { guid });
    await written(stream, ({ delivery }) => delivery === 'accepted');
    expect(delivered.map((one) => one.guid)).toEqual([guid, guid]);
    await post('deliver-again', { guid });
    expect(delivered).toHaveLength(2);
    expect((await post('deliver-again', { guid: 'unknown' })).status).toBe(404);
  });

  test('is asked for while somebody looks, one question at a time, until its run is over', async () => {
    const guid = await write();
    await eventually(() => delivered.length === 1);
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

  test('whose reply is parked is released by the signal, and shown as released until it fails anew', async () => {
    const stream = await watch();
    const guid = await write();
    shown.set(guid, aRun({ state: 'failed', lastFailure: 'answered 400', lastFailureAt: '2026-01-01T00:00:01.000Z', tries: 1 }));
    await written(stream, ({ run }) => run?.state === 'failed');
    expect((await post('release', { guid })).status).toBe(200);
    expect(released).toEqual([guid]);
    await written(stream, ({ releasedAfter }) => releasedAfter === '2026-01-01T00:00:01.000Z');
    temporalSays = 'gone';
    expect(await post('release', { guid })).toMatchObject({ status: 503, body: { type: '/problems/temporal-away', detail: 'The reply could not be released: gone' } });
    expect((await post('release', { guid: 'unknown' })).status).toBe(404);
  });

  test('waits while Temporal does not answer, which is said once, and again when it is back', async () => {
    const stream = await watch();
    temporalSays = 'No Temporal server answers';
    const guid = await write();
    expect(await stream.wait('temporal')).toEqual({ problem: 'No Temporal server answers' });
    await eventually(() => askedFor.length > 2);
    expect(stream.events.filter(({ name }) => name === 'temporal')).toHaveLength(1);
    temporalSays = undefined;
    shown.set(guid, aRun());
    await stream.wait<{ problem?: string }>('temporal', ({ problem }) => problem === undefined);
    await written(stream, ({ run }) => run !== undefined);
  });

  test.each([
    ['without a number', { number: ' ', text: 'Yes' }, 422, /number/],
    ['with too long a number', { number: '1'.repeat(65), text: 'Yes' }, 422, /number/],
    ['that is too long', { number: '1', text: 'x'.repeat(40_001) }, 422, /text/],
    ['that is absent', { number: '1' }, 422, /text/],
    ['past every bound', { number: '1', text: 'x'.repeat(300_000) }, 413, /262144/],
    ['that is no JSON', '[', 400, /JSON/],
  ])('%s is refused with its fault', async (_which, body, status, detail) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${gateway.url}/phone/texts`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(((await answer.json()) as { detail: string }).detail).toMatch(detail);
    expect(delivered).toEqual([]);
  });

  test('may be long and in any script', async () => {
    await write('😀'.repeat(20_000), 'MPESA');
    await eventually(() => delivered[0]?.text.length === 40_000);
  });
});

describe('the switches', () => {
  test('set how the gateway goes, for all who look', async () => {
    const stream = await watch();
    expect((await post('mode', { mode: 'refuses' })).status).toBe(200);
    expect(await stream.wait('mode')).toEqual({ mode: 'refuses' });
    const send = () => fetch(`${gateway.url}/sendsms/`, { method: 'POST', body: new URLSearchParams({ apikey: 'k', recipients: '1', message: 'x' }) });
    expect((await send()).status).toBe(400);
    expect(await (await watch()).wait('state')).toMatchObject({ mode: 'refuses' });
    expect((await post('mode', { mode: 'sulks' })).status).toBe(422);
    await post('mode', { mode: 'works' });
    expect((await send()).status).toBe(200);
  });

  test('on the page are those that the gateway knows', async () => {
    const { modes } = await import('../../src/simulated-gateway/modes.js');
    const page = await (await fetch(gateway.url)).text();
    expect([...page.matchAll(/name="mode" value="(\w+)"/g)].map(([, mode]) => mode).sort()).toEqual(Object.keys(modes).sort());
  });
});

describe('what is kept', () => {
  test('is the newest 200 entries, and a page hears which make room', async () => {
    const stream = await watch();
    const guids: string[] = [];
    for (let index = 0; index < 205; index++) guids.push(await write(String(index)));
    const { entries } = await (await watch()).wait<{ entries: Entry[] }>('state');
    expect(entries.map(({ id }) => id)).toEqual(guids.slice(5));
    await stream.wait('dropped', ({ id }) => id === guids[4]);
    expect(stream.events.filter(({ name }) => name === 'dropped')).toHaveLength(5);
  });

  test('is sent to 32 pages at once, and a page that goes makes room', async () => {
    for (let index = 0; index < 32; index++) expect((await watch()).status).toBe(200);
    expect((await watch()).status).toBe(503);
    await streams[0]?.close();
    await eventually(async () => (await watch()).status === 200);
  });

  test('is gone with the gateway, which ends its streams', async () => {
    const stream = await watch();
    await stream.wait('state');
    await gateway.close();
    await stream.ended;
  });
});

describe('only the page itself', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[string, string, Record<string, string>]>([
    ['another origin', '/phone/texts', { ...json, origin: 'https://example.com' }],
    ['another port of this machine', '/phone/texts', { ...json, origin: 'http://localhost:1' }],
    ['no origin at all', '/phone/texts', { ...json, origin: 'null' }],
    ['another site', '/phone/texts', { ...json, 'sec-fetch-site': 'cross-site' }],
    ['another port, as the browser says', '/phone/texts', { ...json, 'sec-fetch-site': 'same-site' }],
    ['a form', '/phone/texts', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a script without permission', '/phone/texts', { 'content-type': 'text/plain' }],
    ['nothing that has a type', '/phone/texts', {}],
    ['a name that was made to lead here', '/phone/texts', { ...json, host: 'example.com' }],
    ['a name that begins as ours', '/phone/texts', { ...json, host: 'localhost.example.com' }],
  ])('may write: not %s', async (_who, path, headers) => {
    const body = JSON.stringify({ number: '1', text: 'Yes' });
    expect((await raw('POST', path, headers, body)).status).toBe(403);
    expect(delivered).toEqual([]);
  });

  test('may look', async () => {
    const { port } = gateway;
    for (const host of ['example.com', `example.com:${port}`, 'localhost@example.com']) {
      expect((await raw('GET', '/', { host })).status).toBe(403);
      expect((await raw('GET', '/phone/events', { host })).status).toBe(403);
    }
    expect((await raw('GET', '/phone/events', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect((await raw('GET', '/', { host, 'sec-fetch-site': 'cross-site' })).status).toBe(200);
      expect((await raw('GET', '/phone/events', { host, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
      const own = { ...json, host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
      expect((await raw('POST', '/phone/mode', own, '{"mode":"works"}')).status).toBe(200);
    }
  });

  test('is run by the browser, and nothing from elsewhere', async () => {
    const page = await fetch(gateway.url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    const html = await page.text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! type="module" src="\/phone\/)/);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/phone\/[^"]+)"/g)) expect((await fetch(gateway.url + path)).status).toBe(200);
  });

  test('is there: other paths are 404, other methods 405', async () => {
    expect((await raw('GET', '/phone/../package.json', {})).status).toBe(404);
    expect((await raw('GET', '/phone/constructor', {})).status).toBe(404);
    expect((await raw('POST', '/', json)).headers.allow).toBe('GET, HEAD');
    expect((await raw('GET', '/phone/texts', {})).status).toBe(405);
    expect((await raw('HEAD', '/', {})).status).toBe(200);
  });
});
