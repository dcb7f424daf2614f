import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultPlaybookFile, findPlaybookFile, openPlaybook } from '../../src/playbook/file.js';
import { PlaybookError } from '../../src/playbook/parse.js';
import { eventually } from '../helpers/eventually.js';
import { recordingLog } from '../helpers/logs.js';

let folder: string;
let file: string;
const playbookThatSays = (answer: string) => `otherwise: Any\nlabels:\n  Any:\n    meaning: anything\n    answers: ${answer}\n`;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-playbook-'));
  file = path.join(folder, 'playbook.yaml');
  await writeFile(file, playbookThatSays('One'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Changes the file, and its time to one that has passed. */
async function edit(text: string | Uint8Array, secondsAgo = 10): Promise<void> {
  await writeFile(file, text);
  const time = Date.now() / 1_000 - secondsAgo;
  await utimes(file, time, time);
}

describe('the file', () => {
  test('is the one that is named, else the built-in one', async () => {
    expect(await findPlaybookFile('mine.yaml')).toBe('mine.yaml');
    expect(await findPlaybookFile(undefined)).toBe(defaultPlaybookFile);
  });

  test.each([
    ['is not there', async () => rm(file), 'the file cannot be read (ENOENT): set PLAYBOOK to a playbook file, or leave it out'],
    ['is a folder', async () => (await rm(file), (file = folder)), 'the file cannot be read (EISDIR)'],
    ['is not UTF-8', () => edit(Buffer.from([0xff, 0xfe, 0x41, 0x00])), 'not UTF-8: save the file as UTF-8'],
    ['is wrong', () => edit('labels: []'), 'otherwise is missing'],
    ['is larger than a playbook', () => edit(`# ${'x'.repeat(1_100_000)}`), 'larger than 1 MiB'],
  ])('stops a start when it %s', async (_, spoil, expected) => {
    await spoil();
    const opened = openPlaybook(file, recordingLog().log);
    await expect(opened).rejects.toThrow(PlaybookError);
    await expect(opened).rejects.toThrow(expected);
  });
});

describe('an edit', () => {
  const answerOf = async (current: Awaited<ReturnType<typeof openPlaybook>>) => (await current()).answerTo('Hi', 'Any');

  test('counts from the next text on, and is logged', async () => {
    const { log, events } = recordingLog();
    const current = await openPlaybook(file, log);
    expect(await answerOf(current)).toBe('One');
    await edit(playbookThatSays('Two'));
    expect(await answerOf(current)).toBe('Two');
    expect(events.map(({ event }) => event)).toEqual(['playbook.read', 'playbook.read']);
    expect(events[1]).toMatchObject({ labels: ['Any'], longestAnswerSms: 1 });
  });

  test('may also come as another file of the same length and time', async () => {
    const current = await openPlaybook(file, recordingLog().log);
    await edit(playbookThatSays('Two'), 10);
    expect(await answerOf(current)).toBe('Two');
    const other = path.join(folder, 'other.yaml');
    await writeFile(other, playbookThatSays('Six'));
    const time = Date.now() / 1_000 - 10;
    await utimes(other, time, time);
    await rename(other, file);
    expect(await answerOf(current)).toBe('Six');
  });

  test('may come as Kubernetes changes a mounted ConfigMap, by a link to another folder', async () => {
    const mounted = path.join(folder, 'playbook');
    const put = async (version: string, answer: string) => {
      file = path.join(mounted, version, 'playbook.yaml');
      await mkdir(path.dirname(file), { recursive: true });
      await edit(playbookThatSays(answer));
      await symlink(version, path.join(mounted, '..data_tmp'));
      await rename(path.join(mounted, '..data_tmp'), path.join(mounted, '..data'));
    };
    await put('..2026_11_24', 'One');
    await symlink('..data/playbook.yaml', path.join(mounted, 'playbook.yaml'));
    const current = await openPlaybook(path.join(mounted, 'playbook.yaml'), recordingLog().log);
    expect(await answerOf(current)).toBe('One');
    await put('..2026_11_25', 'Two');
    await rm(path.join(mounted, '..2026_11_24'), { recursive: true });
    expect(await answerOf(current)).toBe('Two');
    // Of the same length and time, and perhaps on the place on the disk that the first one has left.
    await put('..2026_11_26', 'Six');
    expect(await answerOf(current)).toBe('Six');
  });

  test('that is wrong changes nothing and is told once; the next one counts', async () => {
    const { log, events } = recordingLog();
    const current = await openPlaybook(file, log);
    await edit('otherwise: [');
    expect(await answerOf(current)).toBe('One');
    expect(await answerOf(current)).toBe('One');
    expect(events.filter(({ event }) => event === 'playbook.wrong')).toHaveLength(1);
    expect(events.at(-1)?.msg).toContain('playbook.yaml:');
    await edit(playbookThatSays('Three'), 5);
    expect(await answerOf(current)).toBe('Three');
  });

  test('that takes the file away changes nothing', async () => {
    const current = await openPlaybook(file, recordingLog().log);
    await rm(file);
    expect(await answerOf(current)).toBe('One');
    await edit(playbookThatSays('Four'));
    expect(await answerOf(current)).toBe('Four');
  });

  test('may be the first: a playbook.yaml that comes to this folder stands in for the built-in one, and stays', async () => {
    const before = process.cwd();
    await rm(file);
    process.chdir(folder);
    try {
      const current = await openPlaybook(undefined, recordingLog().log);
      expect(Object.keys((await current()).labels)).toEqual(['Agree', 'Disagree', 'Neutral']);
      await edit(playbookThatSays('Mine'));
      expect(await answerOf(current)).toBe('Mine');
      await rm(file);
      expect(await answerOf(current)).toBe('Mine');
    } finally {
      process.chdir(before);
    }
  });

  test('under way is left alone until the file has rested', async () => {
    const current = await openPlaybook(file, recordingLog().log);
    await edit(playbookThatSays('Half'), 0);
    const first = await answerOf(current);
    await eventually(async () => (await answerOf(current)) === 'Half');
    expect(['One', 'Half']).toContain(first);
  });

  test('is read once, however many texts come at once', async () => {
    const { log, events } = recordingLog();
    const current = await openPlaybook(file, log);
    await edit(playbookThatSays('Two'));
    const answers = await Promise.all(Array.from({ length: 100 }, () => answerOf(current)));
    expect(new Set(answers)).toEqual(new Set(['Two']));
    expect(events.filter(({ event }) => event === 'playbook.read')).toHaveLength(2);
  });
});
