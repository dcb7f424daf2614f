import { describe, expect, it } from 'vitest';
import { eventsSecret } from '../helpers/receiver.js';
import { doctor, serve, useDoctor } from './run-doctor.js';

useDoctor();

it('asks OpenAI whether it accepts the key and has the model, and never shows the key', async () => {
  let status = 200;
  let dateMs = Date.now();
  let shutdownDate: string | null = null;
  const keys: Array<string | undefined> = [];
  const { url } = await serve((request, response) => {
    keys.push(request.headers.authorization);
    response
      .writeHead(status, { date: new Date(dateMs).toUTCString() })
      .end(JSON.stringify({ data: [{ id: 'gpt-6-luna', shutdown_date: shutdownDate }] }));
  });
  const settings = { OPENAI_API_KEY: 'key-of-this-test', OPENAI_BASE_URL: `${url}/v1` };
  const fine = await doctor(settings);
  expect(fine.of('openai')).toEqual({
    check: 'openai',
    status: 'ok',
    found: `${url}/v1/models accepts the key and has gpt-6-luna`,
  });
  expect(fine.of('clock')?.status).toBe('ok');
  expect(fine.stdout).not.toContain('key-of-this-test');
  expect(keys).toEqual(['Bearer key-of-this-test']);

  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  for (const [days, status] of [
    [92, 'ok'],
    [89, 'warn'],
    [-3, 'warn'],
  ] as const) {
    shutdownDate = inDays(days);
    const finding = (await doctor(settings)).of('openai');
    expect(finding).toMatchObject({ status, found: expect.stringContaining(shutdownDate) as unknown });
    expect(finding?.todo ?? '').toMatch(status === 'ok' ? /^$/ : /answerback playbook --test.*OPENAI_MODEL/);
  }
  shutdownDate = 'some day';
  expect((await doctor(settings)).of('openai')?.status).toBe('ok');

  expect((await doctor({ ...settings, OPENAI_MODEL: 'other' })).of('openai')).toMatchObject({
    status: 'fail',
    todo: 'set OPENAI_MODEL to a model of that list',
  });
  status = 401;
  expect((await doctor(settings)).of('openai')).toMatchObject({
    status: 'fail',
    found: `${url}/v1/models rejects the key (401)`,
  });
  status = 500;
  expect((await doctor(settings)).of('openai')?.status).toBe('warn');
  dateMs = Date.now() - 60_000;
  expect((await doctor(settings)).of('clock')?.status).toBe('warn');
  dateMs = Date.now() + 3_600_000;
  expect((await doctor(settings)).of('clock')).toMatchObject({
    status: 'fail',
    todo: expect.stringContaining('NTP') as unknown,
  });
});

it('gives up on a service that does not respond', async () => {
  const { url } = await serve(() => {});
  expect((await doctor({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: url })).of('openai')).toMatchObject({
    status: 'fail',
    found: 'OpenAI does not respond (no response within 5 s)',
  });
});

it('only checks that the gateway can be reached', async () => {
  const asked: string[] = [];
  let status = 404;
  const { url } = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status).end();
  });
  const settings = { SMS_MOBILE_API_KEY: 'key-of-this-test', SMS_MOBILE_API_URL: url };
  const off = await doctor(settings);
  expect(off.of('gateway')).toMatchObject({
    status: 'warn',
    todo: 'to send replies, set SMS_AUTO_REPLY_ENABLED=true',
  });
  expect(off.stdout).not.toContain('key-of-this-test');
  expect((await doctor({ ...settings, SMS_AUTO_REPLY_ENABLED: 'true' })).of('gateway')?.status).toBe('ok');
  expect(asked).toEqual(['GET /', 'GET /']);
  status = 502;
  expect((await doctor({ ...settings, SMS_AUTO_REPLY_ENABLED: 'true' })).of('gateway')).toMatchObject({
    status: 'warn',
    found: `${url} returned status 502`,
  });
  expect((await doctor({ ...settings, SMS_MOBILE_API_URL: 'http://127.0.0.1:9' })).of('gateway')?.status).toBe('fail');
});

it('says that the api does not start without a secret of the webhook', async () => {
  const settings = { SMS_MOBILE_API_KEY: 'a-key' };
  expect((await doctor(settings)).of('webhook')).toMatchObject({
    status: 'warn',
    found: expect.stringContaining('Make a WEBHOOK_SECRET with: openssl rand -hex 24') as string,
  });
  const withSecret = await doctor({ ...settings, WEBHOOK_SECRET: 'a-secret-of-this-test' });
  expect(withSecret.of('webhook')?.status).toBe('warn');
});

it('says that a worker only probes the gateway, and what the gateway says', async () => {
  const { url } = await serve((request, response) => {
    response.end('answerback_gateway_breaker_open{gateway="smsmobileapi"} 1\n');
  });
  const gateway = await serve((request, response) => void response.writeHead(502).end());
  const { of } = await doctor({
    METRICS_PORT: new URL(url).port,
    METRICS_HOST: '127.0.0.1',
    SMS_MOBILE_API_KEY: 'a-key',
    SMS_MOBILE_API_URL: gateway.url,
  });
  expect(of('gateway')).toMatchObject({
    status: 'warn',
    found: expect.stringMatching(/only probes .*status 502/s) as string,
    todo: expect.stringContaining('check the gateway') as string,
  });
});

describe('the receiver of events', () => {
  const settings = (url: string) => ({ EVENTS_URL: `${url}/a-secret-path`, EVENTS_SECRET: eventsSecret });
  const inOwnNetwork = (url: string) => ({ ...settings(url), EVENTS_PRIVATE: 'true' });

  it('is asked for a response, and gets no event', async () => {
    const asked: string[] = [];
    let status = 405;
    const { url } = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(status).end();
    });
    const fine = await doctor(inOwnNetwork(url));
    expect(fine.of('events')).toEqual({
      check: 'events',
      status: 'ok',
      found: `EVENTS_URL (${url}) responds (405); only an event shows whether it takes them`,
    });
    expect(fine.stdout).not.toMatch(/a-secret-path|whsec_/);
    status = 503;
    expect((await doctor(inOwnNetwork(url))).of('events')?.status).toBe('warn');
    expect(asked).toEqual(['HEAD /a-secret-path', 'HEAD /a-secret-path']);
  });

  it('is not asked at an address where events may not go, whatever its name is', async () => {
    let asked = 0;
    const { port } = await serve((_request, response) => (asked++, response.end()));
    for (const host of ['127.0.0.1', 'localhost'])
      expect((await doctor(settings(`http://${host}:${port}`))).of('events')).toMatchObject({
        status: 'fail',
        todo: expect.stringContaining('EVENTS_PRIVATE=true') as unknown,
      });
    expect(asked).toBe(0);
  });

  it('that is away, or hangs, is reported', async () => {
    expect((await doctor(inOwnNetwork('http://127.0.0.1:9'))).of('events')).toMatchObject({
      status: 'fail',
      found: 'EVENTS_URL (http://127.0.0.1:9) does not respond (ECONNREFUSED)',
    });
    const { url } = await serve(() => {});
    expect((await doctor(inOwnNetwork(url))).of('events')).toMatchObject({
      status: 'fail',
      found: `EVENTS_URL (${url}) does not respond within 5 s`,
    });
  });
});
