import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSent, sentTextOf } from '../../../src/demo/simulated-gateway/sent-messages.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../../src/demo/simulated-gateway/server.js';
import { freePort } from '../../kit/ports.js';

let gateway: SimulatedGateway;
beforeEach(async () => {
  gateway = await startSimulatedGateway({ port: 0 });
});
afterEach(() => gateway.close());

const form = { apikey: 'k', recipients: '+15550001111', message: 'Hello', sendsms: '1' };

function send(fields: Record<string, string> = form) {
  return fetch(`${gateway.url}/sendsms/`, { method: 'POST', body: new URLSearchParams(fields) });
}
function script(steps: unknown) {
  return fetch(`${gateway.url}/script`, { method: 'POST', body: JSON.stringify(steps) });
}
async function read(path: string): Promise<unknown> {
  return (await fetch(gateway.url + path)).json();
}

describe('the simulated gateway', () => {
  it('responds like SMSMobileAPI, lists what it accepted and never deduplicates', async () => {
    const response = await (await send()).json();
    expect(response).toEqual({
      result: {
        error: 0,
        sent: '1',
        id: expect.stringMatching(/^[0-9a-f]{40}$/),
        note: 'sent by mobile',
        datetime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      },
    });
    await fetch(`${gateway.url}/sendsms/?${new URLSearchParams(form).toString()}`);
    const text = { id: expect.any(String), to: '+15550001111', text: 'Hello', at: expect.any(String) };
    expect(await read('/sent')).toEqual({ count: 2, sent: [text, text] });

    await fetch(`${gateway.url}/sent`, { method: 'DELETE' });
    expect(await read('/sent')).toEqual({ count: 0, sent: [] });
  });

  it('refuses a request without key, number or text, and uses up no step', async () => {
    gateway.script([{ status: 500 }]);
    expect((await send({ ...form, apikey: '' })).status).toBe(403);
    expect((await send({ ...form, recipients: '' })).status).toBe(400);
    expect((await send({ ...form, message: '' })).status).toBe(400);
    expect(gateway.sent.count).toBe(0);
    expect((await send()).status).toBe(500);
  });

  it('follows the script one request a step, then goes back to normal', async () => {
    await script([{ status: 503, retryAfter: 7, times: 2 }, { body: '<html>', accept: false }, { reset: 'after' }]);
    const first = await send();
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7']);
    expect(await read('/script')).toMatchObject([{ status: 503, times: 1 }, { body: '<html>' }, { reset: 'after' }]);
    expect((await send()).status).toBe(503);
    expect(await (await send()).text()).toBe('<html>');
    expect(gateway.sent.count).toBe(0);
    await expect(send()).rejects.toThrow();
    expect(gateway.sent.count).toBe(1);
    expect((await send()).status).toBe(200);
    expect(await read('/script')).toEqual([]);
  });

  it('follows its mode when the script is empty, and uses up no step', async () => {
    gateway.switches.setMode('breaks');
    gateway.script([{ status: 418 }]);
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([418, 500, 500]);
    gateway.switches.setMode('busy');
    expect((await send()).headers.get('retry-after')).toBe('5');
    gateway.switches.setMode('resets');
    await expect(send()).rejects.toThrow();
    expect(gateway.sent.count).toBe(0);
    gateway.switches.setMode('works');
    expect((await send()).status).toBe(200);
  });

  it.each([
    ['another site', { origin: 'http://evil.test' }],
    ['an image of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a name that was made to lead here', { host: 'evil.test' }],
  ])('does nothing for %s', async (_, headers) => {
    for (const [method, path] of [
      ['POST', '/script'],
      ['GET', '/sent'],
      ['DELETE', '/sent'],
      ['GET', '/sendsms/?apikey=k&recipients=1&message=m'],
    ] as const) {
      const asking = request(`${gateway.url}${path}`, { method, headers });
      asking.end(method === 'POST' ? '[{"status":500}]' : undefined);
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      expect(response.statusCode).toBe(403);
      response.resume();
    }
    expect(gateway.sent.count).toBe(0);
    expect(await (await fetch(`${gateway.url}/script`)).json()).toEqual([]);
  });

  it('has no page of its own', async () => {
    expect((await fetch(gateway.url)).status).toBe(404);
  });

  it.each([
    ['{', ''],
    [[{ stauts: 503 }], '0'],
    [[{ status: 200 }, { status: 99 }], '1.status'],
    [[{ headers: { 'x y': 'z' } }], '0.headers'],
  ])('refuses the script %j with the reasons and keeps the old one', async (steps, path) => {
    gateway.script([{ status: 500 }]);
    const response = await (typeof steps === 'string'
      ? fetch(`${gateway.url}/script`, { method: 'POST', body: steps })
      : script(steps));
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 400, faults: [{ path }] });
    expect(await read('/script')).toMatchObject([{ status: 500 }]);
  });

  it('closes connections that hang, wait and drip', async () => {
    gateway.script([{ hang: true }, { delayMs: 600_000 }, { drip: true }]);
    const sending = Promise.allSettled([send(), send(), send()].map(async (sent) => (await sent).text()));
    await vi.waitUntil(() => gateway.sent.count === 3);
    await gateway.close();
    expect((await sending).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('rejects with EADDRINUSE on a taken port', async () => {
    await expect(startSimulatedGateway({ port: gateway.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('counts all and keeps the newest', () => {
    const sent = createSent(2);
    for (const words of ['a', 'b', 'c']) sent.add(sentTextOf({ to: '+1', text: words }));
    expect([sent.count, sent.texts.map((one) => one.text)]).toEqual([3, ['b', 'c']]);
  });
});

describe('its process', () => {
  function run(argv: string[], env: Record<string, string> = {}) {
    return spawn(process.execPath, ['--import', 'tsx', ...argv], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
  const start = (port: string) => run(['src/demo/main.ts'], { GATEWAY_PORT: port, LOG_LEVEL: 'info' });

  it.each(['SIGINT', 'SIGTERM'] as const)('prints its address and ends with 0 on %s', async (signal) => {
    const child = start(String(await freePort()));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString())?.[0];
    expect((await fetch(`${url}/sent`)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('names GATEWAY_PORT when the port is taken', async () => {
    const child = start(String(gateway.port));
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(said).toMatch(/^.*\b\d+ is taken\b.*GATEWAY_PORT.*\n$/);
    expect(code).toBe(1);
  });

  it.each(['eighty', '-1', '65536', '80.5'])('ends with 2 on GATEWAY_PORT=%s', async (port) => {
    const child = start(port);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(said).toMatch(/GATEWAY_PORT/);
    expect(code).toBe(2);
  });

  it('ends by itself once the gateway is closed, even with a response due in ten minutes', async () => {
    const child = run([
      '--input-type=module',
      '--eval',
      `
      import { startSimulatedGateway } from './src/demo/simulated-gateway/server.ts';
      const gateway = await startSimulatedGateway({ port: 0 });
      gateway.script([{ delayMs: 600_000 }]);
      const waiting = fetch(gateway.url + '/sendsms/?apikey=k&recipients=1&message=x').catch(() => {});
      while (gateway.sent.count === 0) await new Promise(setImmediate);
      await gateway.close();
      await waiting;
    `,
    ]);
    expect(
      await once(child, 'exit', { signal: AbortSignal.timeout(4000) }).finally(() => child.kill('SIGKILL')),
    ).toEqual([0, null]);
  });
});
