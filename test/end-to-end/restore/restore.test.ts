import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf, outcomesOf } from '../../faults/outcomes.js';
import { dataFolder, temporaryFolder, type TemporaryFolder } from '../../kit/data-folder.js';
import { eventually } from '../../kit/eventually.js';
import { freePorts, type ProductPorts } from '../../kit/ports.js';
import { type Before, liveUntilTheBackup } from './before-the-restore.js';
import { fillFromBackup, restoredAt } from './documented-restore.js';
import { type Running, startRunning } from './running.js';
import { aText, runOf } from './texts.js';

/** Reads one value from a database that other programs may be using. */
function valueIn(file: string, sql: string): unknown {
  const db = new Database(file, { readonly: true });
  try {
    return db.prepare(sql).pluck().get();
  } finally {
    db.close();
  }
}

const waitingIn = (folder: string) => valueIn(path.join(folder, 'inbox.sqlite'), 'SELECT count(*) FROM entries');

describe('a restore of a backup that was made under load', () => {
  let ports: ProductPorts;
  let folder: TemporaryFolder;
  let lost: TemporaryFolder;
  let backup: string;
  let dataDir: string;
  let before: Before;
  let restored: Running;

  beforeAll(async () => {
    [ports, folder, lost] = await Promise.all([freePorts(), temporaryFolder('restore'), dataFolder()]);
    [backup, dataDir] = [path.join(folder.path, 'backup'), path.join(folder.path, 'data')];
    const running = await startRunning({ ...ports, DATA_DIR: lost.path });
    try {
      before = await liveUntilTheBackup(running, { dataDir: lost.path, to: backup });
    } finally {
      await running.stop();
    }
    await fillFromBackup(backup, dataDir);
    restored = await startRunning({ ...ports, DATA_DIR: dataDir, RESTORED_AT: await restoredAt() });
  }, 480_000);
  afterAll(async () => {
    await restored?.stop();
    await Promise.all([folder.remove(), lost.remove()]);
  });

  it('the copies of both databases are whole, and texts waited in the inbox', async () => {
    const databases = (await readdir(backup)).filter((name) => name.endsWith('.sqlite'));
    expect(databases).toHaveLength(2);
    for (const name of databases) expect(valueIn(path.join(backup, name), 'PRAGMA integrity_check')).toBe('ok');
    expect(waitingIn(backup)).toBeGreaterThan(0);
  });

  it('the backup lists the inbox before Temporal, the order in which they are copied', async () => {
    const { files } = JSON.parse(await readFile(path.join(backup, 'backup.json'), 'utf8')) as { files: string[] };
    expect(files.slice(0, 2)).toEqual(['inbox.sqlite', expect.stringMatching(/^temporal-.+\.sqlite$/)]);
  });

  it('each text from before the backup has a run after the restore', { timeout: 120_000 }, async () => {
    await eventually(() => waitingIn(dataDir) === 0, { withinMs: 110_000 });
    const outcomes = await Promise.all(before.saved.map((text) => outcomeOf(restored.client, runOf(text))));
    expect(outcomes.filter((outcome) => outcome === 'no run')).toEqual([]);
  });

  it('replies that may be forgotten are parked, and nothing is sent a second time', { timeout: 120_000 }, async () => {
    for (const text of before.forgotten) await restored.post(text);
    const { retried, waited, forgotten } = before;
    const outcomes = await outcomesOf(restored.client, [retried, ...waited, ...forgotten].map(runOf), 90_000);
    // On a slow machine its second try is in the backup too.
    expect(['ReplyUncertain', 'sent', 'delivered']).toContain(outcomes.get(runOf(retried)));
    outcomes.delete(runOf(retried));
    expect([...new Set(outcomes.values())]).toEqual(['ReplyUncertain']);
    expect(await restored.sentTo()).toEqual([]);
    expect(await outcomeOf(restored.client, runOf(before.failed))).toBe('ReplyFailed');
    expect(new Set(before.sentTo).size).toBe(before.sentTo.length);
  });

  it('the opt-out still holds', { timeout: 120_000 }, async () => {
    const later = { ...aText(), number: before.stop.number };
    await restored.post(later);
    await eventually(async () => (await outcomeOf(restored.client, runOf(later))) === 'skipped', {
      withinMs: 90_000,
    });
    expect(await restored.sentTo()).toEqual([]);
  });

  it('a new text is answered', { timeout: 120_000 }, async () => {
    const text = aText();
    await restored.post(text);
    await eventually(async () => (await restored.sentTo()).includes(text.number), { withinMs: 90_000 });
  });

  it('an operator lists the parked replies, and releases one', { timeout: 180_000 }, async () => {
    const [text] = before.forgotten as [Before['stop']];
    await eventually(
      async () => (await restored.answerback('runs', '--state', 'uncertain', '--limit', '2000')).includes(runOf(text)),
      { withinMs: 60_000 },
    );
    await restored.answerback('retry', runOf(text));
    expect((await restored.sentTo()).filter((number) => number === text.number)).toHaveLength(1);
  });
});
