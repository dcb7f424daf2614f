import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPlaybookFile, findPlaybookFile } from '../../src/playbook/files.js';
import { type CurrentPlaybook, openPlaybook } from '../../src/playbook/load.js';
import type { Log } from '../../src/log/log.js';
import { PlaybookError } from '../../src/playbook/parse.js';
import { eventually } from '../kit/eventually.js';
import { recordingLog } from '../helpers/logs.js';
import { senderOf } from '../helpers/messages.js';

let folder: string;
let file: string;
const playbookThatSays = (answer: string) =>
  `otherwise: Any\nlabels:\n  Any:\n    meaning: anything\n    templates: ${answer}\n`;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-playbook-'));
  file = path.join(folder, 'playbook.yaml');
  await writeFile(file, playbookThatSays('One'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (named: string | undefined, log: Log) => openPlaybook(named, { senderOf, log });
const message = { gateway: 'twilio' };

/** Changes the file, and its time to one that has passed. */
async function edit(text: string | Uint8Array, secondsAgo = 10): Promise<void> {
  await writeFile(file, text);
  const time = Date.now() / 1_000 - secondsAgo;
  await utimes(file, time, time);
}

describe('the file', () => {
  it('is the named one, else the built-in one', async () => {
    expect(await findPlaybookFile('mine.yaml')).toBe('mine.yaml');
    expect(await findPlaybookFile(undefined)).toBe(defaultPlaybookFile);
  });

  it.each([
    [
      'is not there',
      async () => rm(file),
      "the file can't be read (ENOENT): set PLAYBOOK to a playbook file, or remove it",
    ],
    ['is an empty folder', async () => (await rm(file), (file = folder)), 'the folder has no playbook'],
    ['is not UTF-8', () => edit(Buffer.from([0xff, 0xfe, 0x41, 0x00])), 'not UTF-8: save the file as UTF-8'],
    ['is wrong', () => edit('labels: []'), 'otherwise is missing'],
    ['is larger than a playbook', () => edit(`# ${'x'.repeat(1_100_000)}`), 'larger than 1 MiB'],
  ])('stops a start when it %s', async (_, spoil, expected) => {
    await spoil();
    const opened = open(file, recordingLog().log);
    await expect(opened).rejects.toThrow(PlaybookError);
    await expect(opened).rejects.toThrow(expected);
  });
});

describe('an edit', () => {
  const answerOf = async (current: CurrentPlaybook) => (await current(message)).templateFor('Hi', 'Any');

  it('applies from the next text on, and is logged', async () => {
    const { log, events } = recordingLog();
    const current = await open(file, log);
    expect(await answerOf(current)).toBe('One');
    await edit(playbookThatSays('Two'));
    expect(await answerOf(current)).toBe('Two');
    expect(events.map(({ event }) => event)).toEqual(['playbook.read', 'playbook.read']);
    expect(events[1]).toMatchObject({ labels: ['Any'], maxTemplateSegments: 1 });
  });

  it('may also be another file of the same length and time', async () => {
    const current = await open(file, recordingLog().log);
    await edit(playbookThatSays('Two'), 10);
    expect(await answerOf(current)).toBe('Two');
    const other = path.join(folder, 'other.yaml');
    await writeFile(other, playbookThatSays('Six'));
    const time = Date.now() / 1_000 - 10;
    await utimes(other, time, time);
    await rename(other, file);
    expect(await answerOf(current)).toBe('Six');
  });

  it('may be a new link, as Kubernetes changes a mounted ConfigMap', async () => {
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
    const current = await open(path.join(mounted, 'playbook.yaml'), recordingLog().log);
    expect(await answerOf(current)).toBe('One');
    await put('..2026_11_25', 'Two');
    await rm(path.join(mounted, '..2026_11_24'), { recursive: true });
    expect(await answerOf(current)).toBe('Two');
    // Of the same length and time, and perhaps on the place on the disk that the first one has left.
    await put('..2026_11_26', 'Six');
    expect(await answerOf(current)).toBe('Six');
  });

  it('that is wrong changes nothing and is reported once; the next one applies', async () => {
    const { log, events } = recordingLog();
    const current = await open(file, log);
    await edit('otherwise: [');
    expect(await answerOf(current)).toBe('One');
    expect(await answerOf(current)).toBe('One');
    expect(events.filter(({ event }) => event === 'playbook.rejected')).toHaveLength(1);
    expect(events.at(-1)?.msg).toContain('playbook.yaml:');
    await edit(playbookThatSays('Three'), 5);
    expect(await answerOf(current)).toBe('Three');
  });

  it('that deletes the file changes nothing', async () => {
    const current = await open(file, recordingLog().log);
    await rm(file);
    expect(await answerOf(current)).toBe('One');
    await edit(playbookThatSays('Four'));
    expect(await answerOf(current)).toBe('Four');
  });

  it('may create the file: a new playbook.yaml in this folder replaces the built-in one', async () => {
    const before = process.cwd();
    await rm(file);
    process.chdir(folder);
    try {
      const current = await open(undefined, recordingLog().log);
      expect(Object.keys((await current(message)).labels)).toEqual(['Agree', 'Disagree', 'Neutral']);
      await edit(playbookThatSays('Mine'));
      expect(await answerOf(current)).toBe('Mine');
      await rm(file);
      expect(await answerOf(current)).toBe('Mine');
    } finally {
      process.chdir(before);
    }
  });

  it('in progress is ignored until the file is complete', async () => {
    const current = await open(file, recordingLog().log);
    await edit(playbookThatSays('Half'), 0);
    const first = await answerOf(current);
    await eventually(async () => (await answerOf(current)) === 'Half');
    expect(['One', 'Half']).toContain(first);
  });

  it('is read once, however many texts arrive at once', async () => {
    const { log, events } = recordingLog();
    const current = await open(file, log);
    await edit(playbookThatSays('Two'));
    const answers = await Promise.all(Array.from({ length: 100 }, () => answerOf(current)));
    expect(new Set(answers)).toEqual(new Set(['Two']));
    expect(events.filter(({ event }) => event === 'playbook.read')).toHaveLength(2);
  });
});
