import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { checkNode } from '../../src/cli/checks/node.js';
import { packed, type Ran } from '../helpers/answerback-command.js';
import { freePorts } from '../kit/ports.js';

let folder: string;
let ports: Awaited<ReturnType<typeof freePorts>>;
let servers: Server[] = [];

beforeEach(async () => {
  [folder, ports] = await Promise.all([mkdtemp(path.join(tmpdir(), 'answerback-doctor-')), freePorts()]);
  await chmod(folder, 0o700);
});
afterEach(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(folder, { recursive: true });
});

interface Finding {
  check: string;
  status: string;
  found: string;
  todo?: string;
}

async function doctor(
  settings: Record<string, string> = {},
): Promise<Ran & { of: (check: string) => Finding | undefined }> {
  const ran = await packed.answerback(['doctor', '--json'], { DATA_DIR: folder, ...ports, ...settings });
  const { checks } = JSON.parse(ran.stdout) as { checks: Finding[] };
  return { ...ran, of: (name) => checks.find(({ check }) => check === name) };
}

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ port: string; url: string }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = String((server.address() as AddressInfo).port);
  return { port, url: `http://127.0.0.1:${port}` };
}

it('finds nothing wrong before the first start', async () => {
  const { exitCode, of } = await doctor();
  expect(exitCode).toBe(0);
  expect(
    ['node', 'settings', 'ports', 'temporal', 'gateway', 'openai', 'disk'].map((name) => of(name)?.status),
  ).toEqual(Array(7).fill('ok'));
  expect(of('webhook')).toMatchObject({
    status: 'warn',
    todo: 'start Answerback, or set HOST and PORT to its address',
  });
  expect(of('namespace')?.status).toBe('skipped');
  expect(of('clock')?.status).toBe('skipped');
});

it('never prints a key or a password, whatever is in them', async () => {
  for (const settings of [
    { OPENAI_API_KEY: 'secret\u0001secret' },
    { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://user:secret@127.0.0.1:1' },
  ]) {
    const { stdout, stderr, of } = await doctor(settings);
    expect(of('settings')?.status).toBe('fail');
    expect(stdout + stderr).not.toContain('secret');
  }
});

it('names all invalid settings, and no others', async () => {
  const { exitCode, stderr, of } = await doctor({ PORT: 'x', REPLY_MAX_AGE: 'long' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '1 of 11 checks failed: settings\n' });
  expect(of('settings')?.found).toMatch(/PORT must be.*REPLY_MAX_AGE must be/);
  expect(of('ports')).toMatchObject({ status: 'skipped' });
});

it('reports a port that another program uses', async () => {
  const { port } = await serve((_, response) => response.end('another program'));
  const { exitCode, of } = await doctor({ PORT: port });
  expect(exitCode).toBe(1);
  expect(of('ports')).toMatchObject({
    status: 'fail',
    todo: 'stop the program that uses it, or set PORT to a free port',
  });
  expect(of('ports')?.found).toContain(`PORT ${port} is in use by another program`);
});

it('reports an address of another machine', async () => {
  expect((await doctor({ HOST: '192.0.2.1', WEBHOOK_SECRET: 'a-secret-of-this-test' })).of('ports')?.found).toContain(
    'not available on 192.0.2.1 (EADDRNOTAVAIL)',
  );
});

it('says what happens on a machine without a Temporal server', async () => {
  const { exitCode, of } = await doctor({ PATH: path.dirname(process.execPath), HOME: folder, XDG_CACHE_HOME: folder });
  expect(exitCode).toBe(0);
  expect(of('temporal')).toMatchObject({
    status: 'warn',
    todo: expect.stringContaining('the first start downloads it') as unknown,
  });
});

it('reports a namespace that the embedded server does not have', async () => {
  expect((await doctor({ TEMPORAL_NAMESPACE: 'other' })).of('temporal')).toMatchObject({
    status: 'warn',
    todo: 'set TEMPORAL_ADDRESS too, or unset TEMPORAL_NAMESPACE',
  });
});

it('reports a Temporal server that does not respond, and a missing namespace', async () => {
  const away = await doctor({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(away.exitCode).toBe(1);
  expect(away.of('namespace')).toMatchObject({ status: 'fail', todo: 'start one there or set TEMPORAL_ADDRESS' });
  const wrong = await doctor({ TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: 'not-there' });
  expect(wrong.of('namespace')).toMatchObject({
    status: 'fail',
    found: expect.stringContaining('not-there does not exist') as unknown,
    todo: expect.stringContaining('temporal operator namespace create') as unknown,
  });
});

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

it('checks the data folder', async () => {
  await chmod(folder, 0o755);
  expect((await doctor()).of('disk')).toMatchObject({ status: 'warn', todo: `chmod 700 ${folder}` });
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  for (const dataDir of [file, path.join(file, 'below')]) {
    expect((await doctor({ DATA_DIR: dataDir })).of('disk')).toMatchObject({
      status: 'fail',
      found: `${file} is not a folder`,
    });
  }
  expect((await doctor({ DATA_DIR: path.join(folder, 'new') })).of('disk')).toMatchObject({
    status: 'ok',
    found: expect.stringContaining('the first start creates it') as unknown,
  });
});

it('reports a webhook that accepts no texts', async () => {
  const { port } = await serve((request, response) =>
    request.url === '/readyz'
      ? response.writeHead(503).end(JSON.stringify({ detail: 'Not ready: the inbox cannot commit.' }))
      : response.end(JSON.stringify({ message: 'SMS webhook endpoint is active' })),
  );
  const { of } = await doctor({ PORT: port });
  expect(of('webhook')).toMatchObject({
    status: 'fail',
    found: expect.stringContaining('accepts no posts now: Not ready: the inbox cannot commit.') as unknown,
  });
});

it('reports a webhook that is draining', async () => {
  const { port } = await serve((request, response) =>
    request.url === '/readyz'
      ? response
          .writeHead(503)
          .end(JSON.stringify({ type: '/problems/draining', detail: 'Send texts to another one.' }))
      : response.end(JSON.stringify({ message: 'SMS webhook endpoint is active' })),
  );
  const { of } = await doctor({ PORT: port });
  expect(of('webhook')).toMatchObject({
    status: 'warn',
    todo: 'stop the api when its inbox is empty, or run "answerback drain --undo"',
  });
});

it('compares versions of Node by their numbers', () => {
  for (const version of ['20.20.0', '20.21.1', '22.0.0', '100.0.0'])
    expect(checkNode(version, '>=20.20').status).toBe('ok');
  for (const version of ['20.9.0', '18.99.0', '9.0.0'])
    expect(checkNode(version, '>=20.20')).toMatchObject({ status: 'fail', todo: 'install Node 20.20 or newer' });
});
