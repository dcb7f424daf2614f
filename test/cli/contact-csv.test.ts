import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aNamespace, contact, contacts, folder, json, type Listed, listed, useContacts } from './contact-setup.js';
import type { Contact } from '../../src/domain/contact.js';
import { eventually } from '../kit/eventually.js';

useContacts();

describe('a CSV file', () => {
  const fileOf = (name: string) => path.join(folder.path, name);
  const file = async (name: string, lines: string[]) => {
    await writeFile(fileOf(name), lines.join('\r\n'));
    return fileOf(name);
  };

  it('with a wrong line imports nothing, and each wrong line is reported', async () => {
    const wrong = await file('wrong.csv', ['number,since', '+12125550101,', 'Peter,', '+12125550102,tomorrow']);
    const { stdout, stderr, exitCode } = await contact(`import ${wrong}`);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/^line 3: the number is not a phone number.*\nline 4: since must be a date/);
    expect(stderr).toContain(`2 line(s) of ${wrong} are wrong, and nothing was imported: correct them\n`);
    expect(await contacts.stateOf(['+12125550101'])).toBe(undefined);
    expect((await contact('import nothing-here.csv')).stderr).toBe("nothing-here.csv can't be read (ENOENT)\n");
  });

  it('is imported once it is checked: newer opt-outs are kept, and pauses give way', { timeout: 120_000 }, async () => {
    const [fresh, newer, older, paused] = ['+12125550201', '+12125550202', '+12125550203', '+12125550204'];
    const optedOut = { state: 'opted-out', source: 'text', words: 'STOP' } as const;
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await contacts.optOut({ ...optedOut, sender: newer, since: '2026-10-02T00:00:00.000Z' });
    await contacts.optOut({ ...optedOut, sender: older, since: '2026-09-30T00:00:00.000Z' });
    await contacts.pause({ state: 'paused', sender: paused, since: new Date().toISOString(), until, source: 'text' });
    const lines = [fresh, newer, older, paused].map((one) => `${one},2026-10-01,"arrêt, ""svp"""`);
    const good = await file('good.csv', ['number,since,words', ...lines]);

    expect(await json(`import ${good} --dry-run`)).toEqual({ numbers: 4, dryRun: true, imported: 0, kept: 0 });
    expect(await contacts.stateOf([fresh])).toBe(undefined);
    expect(await json(`import ${good} --source crm`)).toEqual({ numbers: 4, dryRun: false, imported: 3, kept: 1 });
    const imported = { state: 'opted-out', since: '2026-10-01T00:00:00.000Z', source: 'crm', words: 'arrêt, "svp"' };
    for (const sender of [fresh, older, paused]) expect(await contacts.find([sender])).toEqual({ ...imported, sender });
    expect(await contacts.find([newer])).toMatchObject({ since: '2026-10-02T00:00:00.000Z', words: 'STOP' });
    expect((await contact(`import ${good}`)).stdout).toBe('Imported: 0, opted out already: 4\n');
  });

  it('that is exported is imported by another Temporal', { timeout: 120_000 }, async () => {
    const from = await aNamespace();
    const since = '2026-10-01T10:20:30.000Z';
    const all = ['+12125550301', '2125550302', '12345', '+442079460000'].map((sender, index) => ({
      state: 'opted-out' as const,
      sender,
      since,
      source: 'text',
      words: ['STOP', 'Stop, "please"\nñ 停', '=cmd()', "'+1"][index] as string,
    }));
    for (const one of all) await from.contacts.optOut(one);
    await from.contacts.optOut({ ...(all[0] as Contact), sender: 'A name' });
    await eventually(async () => (await listed(' --limit 50', from.env)).length === 5);

    const exported = fileOf('exported.csv');
    expect(await contact(`export ${exported}`, from.env)).toEqual({
      stdout: `Exported to ${exported}: 4\n`,
      stderr: 'Left out: 1 sender(s) with a name, which never get replies.\n',
      exitCode: 0,
    });
    expect((await stat(exported)).mode & 0o777).toBe(0o600);
    const printed = (await contact('export', from.env)).stdout;
    expect(printed).toBe(await readFile(exported, 'utf8'));
    expect(printed).toMatch(/^number,since,source,words,state\n/);
    expect((await json<Listed>('export', from.env)).contacts).toHaveLength(4);
    expect((await contact('export --state paused', from.env)).stdout).toBe('number,since,source,words,state\n');

    const into = await aNamespace();
    expect((await contact(`import ${exported}`, into.env)).stdout).toBe('Imported: 4\n');
    for (const one of all) expect(await into.contacts.find([one.sender])).toEqual(one);
    // With DEFAULT_COUNTRY it is this number.
    expect(await into.contacts.stateOf(['+12125550302'])).toBe('opted-out');
  });
});
