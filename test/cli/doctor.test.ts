import { chmod, chown, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, it } from 'vitest';
import { checkNode } from '../../src/cli/checks/node.js';
import { hasRoot } from '../helpers/root.js';
import { doctor, folder, serve, useDoctor } from './run-doctor.js';

useDoctor();

it('finds nothing wrong before the first start', async () => {
  const { exitCode, of } = await doctor();
  expect(exitCode).toBe(0);
  expect(
    ['node', 'settings', 'ports', 'temporal', 'gateway', 'openai', 'events', 'disk'].map((name) => of(name)?.status),
  ).toEqual(Array(8).fill('ok'));
  expect(of('webhook')).toMatchObject({
    status: 'warn',
    todo:
      'start Answerback with "npm start", since the api alone needs a secret of the webhook, ' +
      'or set HOST and PORT to its address',
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
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '1 of 12 checks failed: settings\n' });
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

it.skipIf(!hasRoot)(
  'does not ask to change the mode of a volume of Kubernetes, which only root can change',
  async () => {
    await chmod(folder, 0o755);
    await chown(folder, 1_234, 1_234);
    expect((await doctor()).of('disk')?.todo ?? '').not.toContain('chmod');
  },
);

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
