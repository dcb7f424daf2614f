import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltProduct } from '../kit/product.js';
import { startProgram } from '../kit/program.js';

const number = '+15550009876';
const other = '+15550001111';

let folder: { path: string; remove: () => Promise<void> };
let env: Awaited<ReturnType<typeof freePorts>> & { DATA_DIR: string; PAYLOAD_KEYS: string; DEFAULT_COUNTRY: string };
let product: Product;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  folder = await dataFolder();
  env = {
    ...(await freePorts()),
    DATA_DIR: folder.path,
    PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    DEFAULT_COUNTRY: 'US',
  };
  product = await startBuiltProduct(env);
  connection = await Connection.connect({ address: `127.0.0.1:${env.TEMPORAL_PORT}` });
  client = new Client({ connection });
});
afterAll(async () => {
  await connection.close();
  await product.stop();
  await folder.remove();
});

async function erase(
  erased: string,
  args: string[] = [],
  settings: Record<string, string> = env,
): Promise<{ output: string; exitCode: number | null }> {
  const { child, output, exitCode } = startProgram(process.execPath, ['dist/cli/main.js', 'erase', ...args], settings, {
    input: erased,
  });
  expect(child.spawnargs.join()).not.toContain(erased);
  return { exitCode: await exitCode, output: output() };
}

async function park(guid: string): Promise<void> {
  await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ status: 400 }]) });
  await postJson(product.webhook, aPost({ guid, number }));
  await eventually(async () => (await client.workflow.count(`ReplyState = 'failed' AND WorkflowId = '${guid}'`)).count);
}

const isThere = (guid: string) =>
  client.workflowService.describeWorkflowExecution({ namespace: 'default', execution: { workflowId: guid } }).then(
    () => true,
    () => false,
  );

it(
  'a number is erased, from the quarantine and Temporal, with the secret of the installation only',
  { timeout: 180_000 },
  async () => {
    await park('a');
    await postJson(product.webhook, { messages: [aPost({ guid: 'b', number }), aPost({ guid: 'c', number: other })] });
    await eventually(
      async () => ((await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { sent: unknown[] }).sent.length === 2,
    );
    await postJson(product.webhook, { number, guid: 7 });
    await postJson(product.webhook, aPost({ guid: 'late', number: '1 555 000 9876' }));
    await eventually(() => isThere('late'));

    // A foreign workflow in the same namespace, whose id the sender used as a GUID.
    await client.workflow.start('billing', { taskQueue: 'billing', workflowId: 'order-123' });
    await postJson(product.webhook, aPost({ guid: 'order-123', number }));
    await eventually(() => isThere('order-123-2'));

    const refused = await erase(number, [], { ...env, ANSWERBACK_SECRET: 'the-secret-of-another-installation' });
    expect([refused.exitCode, refused.output]).toEqual([
      2,
      expect.stringContaining('belongs to another one') as string,
    ]);
    expect(await erase(number)).toEqual({
      exitCode: 0,
      output: 'Erased: 4 run(s), 0 waiting text(s), 1 quarantine entry(ies)\n',
    });
    for (const guid of ['a', 'b', 'late', 'order-123-2']) expect(await isThere(guid)).toBe(false);
    for (const guid of ['c', 'order-123']) expect(await isThere(guid)).toBe(true);

    // Open, since Temporal deletes a run that has just ended only after some seconds.
    await park('d');
    // While the secret is being changed, the runs of the old one are found by it.
    const old = (await readFile(path.join(folder.path, 'secret'), 'utf8')).trim();
    const both = { ...env, ANSWERBACK_SECRET: `the-new-secret-of-this-installation,${old}` };
    expect(await erase('0015550009876', [], both)).toEqual({
      exitCode: 0,
      output: 'Erased: 1 run(s), 0 waiting text(s), 0 quarantine entry(ies)\n',
    });
    expect(await isThere('c')).toBe(true);

    // Nothing is left by which it could be recognised.
    await postJson(product.webhook, aPost({ guid: 'd', number }));
    await eventually(() => isThere('d'));
  },
);

it('an invalid number, or too many, is explained', async () => {
  for (const [erased, args] of [
    [' ', []],
    ['+', []],
    ['1', ['+2']],
    ['1', ['--all-runs']],
  ] as const) {
    const { exitCode, output } = await erase(erased, [...args]);
    expect(exitCode).toBe(2);
    expect(output).toContain('npm run erase    asks for the number');
  }
  expect(await erase('1', ['--help'])).toMatchObject({ exitCode: 0 });
});

it('only the user of the api can ask for it', async () => {
  expect((await stat(path.join(folder.path, 'control.sock'))).mode & 0o077).toBe(0);
  expect((await stat(folder.path)).mode & 0o077).toBe(0);
});

it('it says when no Answerback runs', async () => {
  const empty = await dataFolder();
  const { exitCode, output } = await erase(number, [], { ...env, DATA_DIR: empty.path });
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^No Answerback runs on .*: start it, or set DATA_DIR/);
  await empty.remove();
});
