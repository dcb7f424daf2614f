import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { freePort, freePorts } from '../kit/ports.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { postJson, type Product, startBuiltProduct } from '../kit/product.js';
import { startProgram } from '../kit/program.js';

const run = promisify(execFile);
/** As `temporal workflow show` prints it. */
const result = '"verdict":{"by":"rules","label":"Agree"}';
const keys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

let folder: { path: string; remove: () => Promise<void> };
let env: Awaited<ReturnType<typeof freePorts>> & { DATA_DIR: string; PAYLOAD_KEYS: string };
let product: Product;

beforeAll(async () => {
  folder = await dataFolder();
  env = { ...(await freePorts()), DATA_DIR: folder.path, PAYLOAD_KEYS: keys };
  product = await startBuiltProduct(env);
});
afterAll(async () => {
  await product.stop();
  await folder.remove();
});

const announced = () => /TEMPORAL_CODEC_ENDPOINT=(\S+)/.exec(product.output())?.[1] ?? '';

async function show(...args: string[]): Promise<string> {
  const { stdout } = await run('temporal', [
    'workflow',
    'show',
    '--workflow-id',
    'sealed',
    '--address',
    `127.0.0.1:${env.TEMPORAL_PORT}`,
    ...args,
  ]);
  return stdout;
}

async function endpointOfWebUi(): Promise<string> {
  const settings = (await (await fetch(`http://localhost:${env.TEMPORAL_UI_PORT}/api/v1/settings`)).json()) as {
    Codec: { Endpoint: string };
  };
  return settings.Codec.Endpoint;
}

it('only the Web UI and `temporal` of `npm start` show sealed payloads', async () => {
  await postJson(product.webhook, aPost({ guid: 'sealed' }));
  await eventually(() => product.output().includes('Auto-reply sent successfully'));
  expect(await show()).toMatch(/ResultEncoding +binary\/encrypted/);
  expect(await show('--codec-endpoint', announced())).toContain(result);

  expect(await endpointOfWebUi()).toBe(announced());
  const preflight = await fetch(`${announced()}/decode`, {
    method: 'OPTIONS',
    headers: { origin: `http://localhost:${env.TEMPORAL_UI_PORT}`, 'access-control-request-method': 'POST' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe(`http://localhost:${env.TEMPORAL_UI_PORT}`);
  expect(
    (await fetch(`http://127.0.0.1:${env.CODEC_PORT}/decode`, { method: 'POST', body: '{"payloads":[]}' })).status,
  ).toBe(404);
});

it('after a kill the Web UI asks the new endpoint, and the runs are there', async () => {
  const before = announced();
  await product.stop('SIGKILL');
  product = await startBuiltProduct(env);
  expect(announced()).not.toBe(before);
  expect(await endpointOfWebUi()).toBe(announced());
  expect(await show('--codec-endpoint', announced())).toContain(result);
});

it('the endpoint as its own process requires its token', async () => {
  const own = {
    PAYLOAD_KEYS: keys,
    CODEC_PORT: String(await freePort()),
    CODEC_TOKEN: 'a-codec-token-01234',
    TEMPORAL_UI_URL: 'https://ui.example',
  };
  const program = startProgram(process.execPath, ['dist/codec-endpoint/main.js'], own);
  await eventually(() => program.output().includes('The codec endpoint is ready'));
  const url = `http://127.0.0.1:${own.CODEC_PORT}`;
  expect(await show('--codec-endpoint', url, '--codec-auth', `Bearer ${own.CODEC_TOKEN}`)).toContain(result);
  expect((await fetch(`${url}/decode`, { method: 'POST', body: '{"payloads":[]}' })).status).toBe(401);
  program.child.kill('SIGTERM');
  expect(await program.exitCode).toBe(0);
});

it('the endpoint does not start without token and keys', async () => {
  const program = startProgram(process.execPath, ['dist/codec-endpoint/main.js'], {});
  expect(await program.exitCode).toBe(2);
  expect(program.output()).toMatch(/CODEC_TOKEN must be set[^\n]*openssl rand[^\n]*\n *PAYLOAD_KEYS must be set/);
});
