import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/demo/phone/conversations.js';
import { eventually } from '../../kit/eventually.js';
import { posted, gateway, post, streams, usePhone, watch, write } from './phone-setup.js';

usePhone();

/** A request with headers that fetch would not send. */
async function raw(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }> {
  const sent = request(gateway.url + path, { method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  // The reader ends a response that never ends.
  if (response.headers['content-type'] === 'text/event-stream') {
    response.destroy();
    return { status: response.statusCode, headers: response.headers, body: '' };
  }
  return { status: response.statusCode, headers: response.headers, body: await textOf(response) };
}

describe('the switches', () => {
  it('set the mode of the gateway, for all open pages', async () => {
    const stream = await watch();
    expect((await post('mode', { mode: 'refuses' })).status).toBe(200);
    expect(await stream.wait('mode')).toEqual({ mode: 'refuses' });
    const send = () =>
      fetch(`${gateway.url}/sendsms/`, {
        method: 'POST',
        body: new URLSearchParams({ apikey: 'k', recipients: '1', message: 'x' }),
      });
    expect((await send()).status).toBe(400);
    expect(await (await watch()).wait('state')).toMatchObject({ mode: 'refuses' });
    expect((await post('mode', { mode: 'sulks' })).status).toBe(422);
    await post('mode', { mode: 'works' });
    expect((await send()).status).toBe(200);
  });

  it('set whether texts are posted twice, for all open pages', async () => {
    const stream = await watch();
    expect((await post('doubles', { doublesTexts: true })).status).toBe(200);
    expect(await stream.wait('doubles')).toEqual({ doublesTexts: true });
    expect(await (await watch()).wait('state')).toMatchObject({ doublesTexts: true });
    expect((await post('doubles', { doublesTexts: 'yes' })).status).toBe(422);
    expect(await (await fetch(gateway.url)).text()).toContain('<input type="checkbox" name="doubles" />');
  });

  it('on the page are the modes of the gateway', async () => {
    const { modes } = await import('../../../src/demo/simulated-gateway/modes.js');
    const page = await (await fetch(gateway.url)).text();
    expect([...page.matchAll(/name="mode" value="(\w+)"/g)].map(([, mode]) => mode).sort()).toEqual(
      Object.keys(modes).sort(),
    );
  });
});

describe('the kept entries', () => {
  it('are the newest 200, and a page learns which are dropped', async () => {
    const stream = await watch();
    const guids: string[] = [];
    for (let index = 0; index < 205; index++) guids.push(await write(String(index)));
    const { entries } = await (await watch()).wait<{ entries: Entry[] }>('state');
    expect(entries.map(({ id }) => id)).toEqual(guids.slice(5));
    await stream.wait('dropped', ({ id }) => id === guids[4]);
    expect(stream.events.filter(({ name }) => name === 'dropped')).toHaveLength(5);
  });

  it('are sent to up to 32 pages, and a page that closes makes room', async () => {
    for (let index = 0; index < 32; index++) expect((await watch()).status).toBe(200);
    expect((await watch()).status).toBe(503);
    await streams[0]?.close();
    await eventually(async () => (await watch()).status === 200);
  });

  it('are gone with the gateway, which ends its streams', async () => {
    const stream = await watch();
    await stream.wait('state');
    await gateway.close();
    await stream.ended;
  });
});

describe('only the page itself', () => {
  const json = { 'content-type': 'application/json' };
  it.each<[string, string, Record<string, string>]>([
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
    expect(posted).toEqual([]);
  });

  it('may read', async () => {
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

  it('runs in the browser, with nothing from elsewhere', async () => {
    const page = await fetch(gateway.url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    const html = await page.text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! type="module" src="\/phone\/)/);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/phone\/[^"]+)"/g))
      expect((await fetch(gateway.url + path)).status).toBe(200);
  });

  it('exists: other paths are 404, other methods 405', async () => {
    expect((await raw('GET', '/phone/../package.json', {})).status).toBe(404);
    expect((await raw('GET', '/phone/constructor', {})).status).toBe(404);
    expect((await raw('POST', '/', json)).headers.allow).toBe('GET, HEAD');
    expect((await raw('GET', '/phone/texts', {})).status).toBe(405);
    expect((await raw('HEAD', '/', {})).status).toBe(200);
  });
});
