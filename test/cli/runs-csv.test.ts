// First, because it replaces a module that the others load.
import { inProcess } from './in-process.js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyring } from '../../src/secrets/keyring.js';
import { createDataConverter } from '../../src/temporal/data-converter.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { createStartWorkflow } from '../../src/temporal/start-workflow.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage, aPost } from '../helpers/messages.js';
import { packed } from '../helpers/answerback-command.js';
import { eventually } from '../kit/eventually.js';
import { postJson } from '../kit/product.js';
import { testSecret } from '../kit/secret.js';
import { connectTo } from '../kit/temporal.js';
import { env, product, script, useProduct } from './running-product.js';

useProduct();

type Row = Record<'time' | 'guid' | 'number' | 'label' | 'state', string>;
const header = 'time,guid,line,number,label,by,reply,reason,state\n';

/** Seals what it starts with a key that the product lacks. */
let sealing: Client;
let connection: NativeConnection;

beforeAll(async () => {
  connection = await connectTo(`127.0.0.1:${env.TEMPORAL_PORT}`);
  const keyring = createKeyring([{ id: 'k1', key: Buffer.alloc(32, 1) }]);
  sealing = new Client({ connection, dataConverter: createDataConverter(keyring, silentLog) });
  await texted({ guid: 'agreed', number: '+12125550101' }, 'done');
  await texted({ guid: 'disagreed', number: '+12125550102', message: 'No' }, 'done');
  await texted({ guid: '-named', number: '=SHOP' }, 'done');
  await texted({ guid: 'parked' }, 'failed', 400);
  await texted({ guid: 'maybe' }, 'uncertain', 502);
  await texted({ guid: 'ended' }, 'failed', 400);
  await sealing.workflow.getHandle('ended').terminate('handled by phone');
  const sealed = aMessage({ id: 'sealed', from: '+12125550103' });
  await createStartWorkflow(sealing, { eager: false, senderKey: createSenderKey(testSecret), log: silentLog })(sealed);
  await texted({ guid: 'running' }, 'running', 429);
  const isListed = async () => (await rows('--label', 'Agree')).length === 6 && (await rows()).length === 8;
  await eventually(isListed, { withinMs: 60_000 });
  await eventually(async () => (await rows('--state', 'ended')).length === 1, { withinMs: 60_000 });
}, 240_000);
afterAll(() => connection.close());

/** Posts a text, and waits until its run has this state. */
async function texted(post: Record<string, string>, state: string, status?: number): Promise<void> {
  if (status !== undefined) await script({ status, ...(status === 429 && { times: 500 }) });
  await postJson(product.webhook, aPost(post));
  const show = ['show', '--json', '--', post['guid'] ?? ''];
  await eventually(async () => (await inProcess(show, env)).stdout.includes(`"state": "${state}"`), {
    withinMs: 60_000,
  });
}

const runs = (...args: string[]) => inProcess(['runs', ...args], env);
const csv = (...args: string[]) => runs('--csv', ...args);
async function rows(...args: string[]): Promise<Row[]> {
  const { stdout, stderr, exitCode } = await csv(...args);
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  return parse(stdout, { columns: true });
}
const guids = async (...args: string[]) => (await rows(...args)).map(({ guid }) => guid).sort();

describe('the runs as CSV', () => {
  it('are a row for each run, with masked numbers', async () => {
    const { stdout, stderr } = await csv();
    const lines = stdout.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>').split('\n');
    expect(lines[0]).toBe(header.trim());
    expect(lines.slice(1, -1).sort()).toEqual([
      "<time>,'-named,smsmobileapi,*****,Agree,rules,skipped,sender-cannot-be-answered,done",
      '<time>,agreed,smsmobileapi,+1********01,Agree,rules,sent,,done',
      '<time>,disagreed,smsmobileapi,+1********02,Disagree,rules,sent,,done',
      '<time>,ended,smsmobileapi,+1********34,Agree,rules,failed,,ended',
      '<time>,maybe,smsmobileapi,+1********34,Agree,rules,uncertain,,uncertain',
      '<time>,parked,smsmobileapi,+1********34,Agree,rules,failed,,failed',
      '<time>,running,smsmobileapi,+1********34,Agree,rules,,,running',
      '<time>,sealed,,,,,,,running',
    ]);
    expect(stderr).toContain(
      "1 run(s) can't be read without their key, so cells of their rows are empty: add the key to PAYLOAD_KEYS\n",
    );
  });

  it('have whole numbers only when they are asked for, also of a run with the key', async () => {
    const key = `k1:${Buffer.alloc(32, 1).toString('base64')}`;
    const { stdout, stderr } = await inProcess(['runs', '--csv', '--numbers'], { ...env, PAYLOAD_KEYS: key });
    expect(stderr).toBe('');
    expect(stdout).toContain(',agreed,smsmobileapi,+12125550101,Agree,');
    expect(stdout).toContain(',sealed,smsmobileapi,+12125550103,,,,,running');
    expect(stdout).toContain(",'-named,smsmobileapi,'=SHOP,Agree,");
  });

  it('are those of a label, a state, or as many as asked for', async () => {
    expect(await guids('--label', 'Disagree')).toEqual(['disagreed']);
    expect(await guids('--label', 'Agree', '--state', 'failed')).toEqual(['parked']);
    expect(await rows('--label', 'Agree', '--limit', '2')).toHaveLength(2);
    expect((await csv('--label', 'Agree')).stderr).toContain('those of unknown label are left out');
    expect(await csv('--label', 'agree', '--state', 'done')).toEqual({
      stdout: header,
      stderr: 'No such run has the label agree.\n',
      exitCode: 0,
    });
  });

  it('are those that started at a time or later', async () => {
    const shown = (await inProcess(['show', 'disagreed', '--json'], env)).stdout;
    const { startedAt } = JSON.parse(shown) as { startedAt: string };
    const later = new Date(Date.parse(startedAt) + 1).toISOString();
    const all = await guids();
    expect(await guids('--since', startedAt)).toEqual(all.filter((guid) => guid !== 'agreed'));
    expect(await guids('--since', later)).toEqual(all.filter((guid) => !['agreed', 'disagreed'].includes(guid)));
    expect(await guids('--since', startedAt.slice(0, 10))).toEqual(all);
    expect(await guids('--since', '1d')).toEqual(all);
    expect(await guids('--since', '999999d')).toEqual(all);
    expect((await csv('--since', '2999-01-01')).stderr).toBe('There are no such runs.\n');
    const listed = JSON.parse((await runs('--json', '--since', later)).stdout) as { runs: object[] };
    expect(listed.runs).toHaveLength(all.length - 2);
    expect((await runs('--since', '2999-01-01')).stderr).toBe('There are no runs since 2999-01-01.\n');
  });

  it('have no row for a run that was erased', async () => {
    expect((await packed.answerback(['erase'], env, { input: '+12125550102\n' })).exitCode).toBe(0);
    expect(await guids('--label', 'Disagree')).toEqual([]);
  });

  it('end quietly when their reader stops', async () => {
    const bin = path.join(packed.folder, 'node_modules/answerback/dist/cli/main.js');
    const { PATH = '' } = process.env;
    const child = spawn(bin, ['runs', '--csv', '--state', 'done'], { cwd: packed.folder, env: { PATH, ...env } });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect({ exit: await once(child, 'close'), stderr }).toEqual({ exit: [0, null], stderr: '' });
  });
});

it.each([
  [['--csv', '--json'], 'Give --csv or --json'],
  [['--label', 'Agree'], '--label and --numbers need --csv'],
  [['--numbers'], '--label and --numbers need --csv'],
  [['--since', 'yesterday'], /^--since must be a date, a time with its zone or a number with s, m, h or d, such as/],
  [['--csv', '--since', '2026-11-31'], /^--since must be a date/],
  [['--csv', '--since', '2026-11-01T10:00:00'], /^--since must be a date/],
])('%j is refused', async (args, error) => {
  const { stdout, stderr, exitCode } = await runs(...args);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toMatch(error);
});
