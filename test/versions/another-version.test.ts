import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isServerFile } from '../../src/process/data-files.js';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { type Running, startRunning } from '../end-to-end/restore/running.js';
import { aText, runOf } from '../end-to-end/restore/texts.js';
import { start } from '../end-to-end/standalone.js';
import { outcomeOf } from '../faults/outcomes.js';
import { dataFolder, temporaryFolder, type TemporaryFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { laterServerFolder } from './later-server.js';

describe('another minor version of the embedded server, by the steps of docs/backup.md', () => {
  let env: ProductPorts & { DATA_DIR: string };
  let data: TemporaryFolder;
  let elsewhere: TemporaryFolder;
  let contacts: string;
  let running: Running | undefined;
  const later = () => ({ ...env, PATH: `${laterServerFolder()}${path.delimiter}${process.env['PATH']}` });
  const outcome = (text: ReturnType<typeof aText>) => outcomeOf((running as Running).client, runOf(text));
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const [stopText, answered] = [aText('STOP'), aText()];
  let restoredAt: string;

  beforeAll(async () => {
    [data, elsewhere] = await Promise.all([dataFolder(), temporaryFolder('elsewhere')]);
    env = { ...(await freePorts()), DATA_DIR: data.path };
    contacts = path.join(elsewhere.path, 'contacts.csv');
  });
  afterAll(async () => {
    await stop();
    await Promise.all([data.remove(), elsewhere.remove()]);
  });

  it('with the old one running, the opt-outs are exported', async () => {
    running = await startRunning(env);
    await running.post(stopText);
    await running.post(answered);
    const runs = createRuns(running.client, () => '');
    await eventually(async () => (await outcome(stopText)) === 'skipped' && (await outcome(answered)) !== 'no run');
    await eventually(async () => (await runs.count('running')) === 0);
    await eventually(async () => (await running?.answerback('contact', 'list'))?.includes('opted'));
    expect(await running.answerback('contact', 'export', contacts)).toContain('Exported to');
    await stop();
  });

  it('the new one refuses to start beside the old file, and says what to do', async () => {
    const program = start({ ...later(), GATEWAY: 'telnyx' });
    onTestFinished(() => void program.stop());
    expect(await program.exitCode).toBe(1);
    expect(program.output()).toMatch(
      /holds the runs of another Temporal server version \(temporal-1\.29\.sqlite\), and this version would create temporal-1\.30\.sqlite: put that other version first on PATH, or move its file away/,
    );
    expect((await readdir(data.path)).filter(isServerFile)).toEqual(['temporal-1.29.sqlite']);
  });

  it('with the old file moved away, the new one starts without replies and imports the opt-outs', async () => {
    const old = path.join(elsewhere.path, 'old');
    await mkdir(old);
    for (const name of await readdir(data.path))
      if (/^temporal-.*\.sqlite(-wal|-shm)?$/.test(name))
        await rename(path.join(data.path, name), path.join(old, name));
    restoredAt = new Date().toISOString();
    running = await startRunning({ ...later(), SMS_AUTO_REPLY_ENABLED: 'false', RESTORED_AT: restoredAt });
    expect(await running.answerback('contact', 'import', contacts)).toBe('Imported: 1\n');
    await stop();
    expect((await readdir(data.path)).filter(isServerFile)).toEqual(['temporal-1.30.sqlite']);
  });

  it('with replies on, the opt-out holds, an old text gets no second reply, and a new one is answered', async () => {
    running = await startRunning({ ...later(), RESTORED_AT: restoredAt });
    const next = aText();
    const ofOptedOut = { ...aText(), number: stopText.number };
    for (const text of [ofOptedOut, answered, next]) await running.post(text);
    await eventually(async () => (await running?.sentTo())?.includes(next.number));
    await eventually(async () => (await outcome(ofOptedOut)) === 'skipped');
    await eventually(async () => (await outcome(answered)) === 'ReplyUncertain');
    expect(await running.sentTo()).toEqual([next.number]);
  });
});
