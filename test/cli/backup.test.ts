import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { contacts, env, folder, listed, useContacts } from './contact-setup.js';
import { inProcess } from './in-process.js';
import { openInboxFile } from '../../src/inbox/schema.js';
import { eventually } from '../kit/eventually.js';

useContacts();

it('a backup has the inbox and the opt-outs, only for its owner', async () => {
  const target = path.join(folder.path, 'saved');
  expect((await inProcess(['backup', target], env)).stderr).toMatch(/^There is no inbox in/);
  const inbox = openInboxFile(folder.path);
  try {
    inbox.db.exec("INSERT INTO entries (seq, at, messages, body) VALUES (7, 1, 1, 'x')");
    await contacts.optOut({
      state: 'opted-out',
      sender: '+12125550401',
      since: '2026-10-01T00:00:00.000Z',
      source: 'x',
    });
    await eventually(async () => (await listed()).length === 1);

    const refused = await inProcess(['backup', target], { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Nothing was saved') as string });
    expect((await readdir(folder.path)).filter((name) => name.startsWith('saved'))).toEqual([]);

    const ran = await inProcess(['backup', target, '--json'], env);
    expect(ran).toMatchObject({ stderr: '', exitCode: 0 });
    expect(JSON.parse(ran.stdout)).toMatchObject({ folder: target, files: ['inbox.sqlite', 'contacts.csv'] });
    expect((await stat(target)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(target)) expect((await stat(path.join(target, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(path.join(target, 'contacts.csv'), 'utf8')).toContain('+12125550401');
    const saved = new Database(path.join(target, 'inbox.sqlite'), { readonly: true });
    expect(saved.prepare('SELECT seq FROM entries').pluck().all()).toEqual([7]);
    saved.close();
    expect((await inProcess(['backup', target], env)).stderr).toMatch(/is not empty: give a new folder/);
  } finally {
    inbox.close();
  }
});
