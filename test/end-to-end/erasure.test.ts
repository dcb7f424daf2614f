import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder, freePorts, postJson, type Product, startBuiltProduct, startProgram } from '../helpers/product.js';

const number = '+15550009876';
const other = '+15550001111';

let folder: { path: string; remove: () => Promise<void> };
let env: Awaited<ReturnType<typeof freePorts>> & { DATA_DIR: string; PAYLOAD_KEYS: string };
let product: Product;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  folder = await dataFolder();
  env = { ...(await freePorts()), DATA_DIR: folder.path, PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
  product = await startBuiltProduct(env);
  connection = await Connection.connect({ address: `127.0.0.1:${env.TEMPORAL_PORT}` });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection.close();
  await product.stop();
  await folder.remove();
});

async function erase(erased: string, args: string[] = [], settings: Record<string, string> = env): Promise<{ output: string; exitCode: number | null }> {
  const { child, output, exitCode } = startProgram(process.execPath, ['dist/cli/main.js', 'erase', ...args], settings, { input: erased });
  expect(child.spawnargs.join()).not.toContain(erased);
  return { exitCode: await exitCode, output: output() };
}

const isThere = (guid: string) =>
  client.workflow
    .getHandle(guid)
    .describe()
    .then(() => true, () => false);

test('a number is erased, from the inbox, the quarantine and Temporal, and its GUIDs stay known', { timeout: 120_000 }, async () => {
  await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ status: 400 }]) });
  await postJson(product.webhook, aPost({ guid: 'a', number }));
  await eventually(async () => (await client.workflow.count(`ReplyState = 'failed'`)).count === 1);
  await postJson(product.webhook, { messages: [aPost({ guid: 'b', number }), aPost({ guid: 'c', number: other })] });
  await eventually(async () => ((await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { sent: unknown[] }).sent.length === 2);
  await postJson(product.webhook, { number, guid: 7 });
  await postJson(product.webhook, aPost({ guid: 'late', number: '1 555 000 9876' }));
  await eventually(() => isThere('late'));

  // Somebody else's workflow in the same namespace, whose id the sender has chosen as a GUID.
  await client.workflow.start('billing', { taskQueue: 'billing', workflowId: 'order-123' });
  await postJson(product.webhook, aPost({ guid: 'order-123', number }));

  expect(await erase(number)).toEqual({ exitCode: 0, output: 'Erased: 3 run(s), 0 waiting text(s), 1 entry(ies) of the quarantine\n' });
  for (const guid of ['a', 'b', 'late']) expect(await isThere(guid)).toBe(false);
  for (const guid of ['c', 'order-123']) expect(await isThere(guid)).toBe(true);

  // Delivered again it is a duplicate still, and one that is new is a new text.
  await postJson(product.webhook, aPost({ guid: 'a', number }));
  await postJson(product.webhook, aPost({ guid: 'd', number }));
  await eventually(() => isThere('d'));
  expect(await isThere('a')).toBe(false);
  expect(await erase(number, ['--all-runs'])).toEqual({ exitCode: 0, output: 'Erased: 1 run(s), 0 waiting text(s), 0 entry(ies) of the quarantine\n' });
  expect(await isThere('c')).toBe(true);
});

test('what is no number, or too much, is explained', async () => {
  for (const [erased, args] of [[' ', []], ['+', []], ['1', ['+2']], ['1', ['--everything']]] as const) {
    const { exitCode, output } = await erase(erased, [...args]);
    expect(exitCode).toBe(2);
    expect(output).toContain('npm run erase -- --all-runs');
  }
  expect(await erase('1', ['--help'])).toMatchObject({ exitCode: 0 });
});

test('only the user of the api can ask it', async () => {
  expect((await stat(path.join(folder.path, 'control.sock'))).mode & 0o077).toBe(0);
  expect((await stat(folder.path)).mode & 0o077).toBe(0);
});

test('where no Answerback runs it says so', async () => {
  const empty = await dataFolder();
  const { exitCode, output } = await erase(number, [], { ...env, DATA_DIR: empty.path });
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^No Answerback runs on .*: start it, or set DATA_DIR/);
  await empty.remove();
});
