import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CurrentPlaybook, openPlaybook } from '../../src/playbook/load.js';
import type { ReceivedBy } from '../../src/playbook/lines.js';
import { PlaybookError } from '../../src/playbook/parse.js';
import { recordingLog } from '../helpers/logs.js';
import { senderOf } from '../helpers/messages.js';

let folder: string;
let logged: ReturnType<typeof recordingLog>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-playbooks-'));
  logged = recordingLog();
});
afterEach(() => rm(folder, { recursive: true }));

const saying = (answer: string, lines?: string) =>
  `${lines ? `lines: [${lines}]\n` : ''}otherwise: Any\nlabels:\n  Any:\n    meaning: anything\n    templates: ${answer}\n`;

/** Writes a file, or removes it; the time of the change has passed, also that of the folder. */
async function put(name: string, text: string | undefined, secondsAgo = 10): Promise<void> {
  const file = path.join(folder, name);
  const time = Date.now() / 1_000 - secondsAgo;
  if (text === undefined) await rm(file);
  else {
    await writeFile(file, text);
    await utimes(file, time, time);
  }
  await utimes(folder, time, time);
}

const open = () => openPlaybook(folder, { senderOf, log: logged.log });
const eventNames = () => logged.events.map(({ event }) => event);
const answer = async (current: CurrentPlaybook, message: ReceivedBy) => {
  const playbook = await current(message);
  return playbook.isStandIn ? 'none' : playbook.templateFor('Hi', 'Any');
};
const twilio = { gateway: 'twilio', to: '+12065550199' };
const phone = { gateway: 'smsgate', line: 'dev1/1' };

it('every line has the playbook that names it, and the others the one without lines', async () => {
  await put('number.yaml', saying('Number', '+1 206-555-0199'));
  await put('phone.yml', saying('Phone', 'dev1'));
  await put('rest.yaml', saying('Rest'));
  await put('.hidden.yaml', 'no playbook');
  await put('notes.txt', 'no playbook');
  await mkdir(path.join(folder, '..data'));
  const current = await open();
  expect(await answer(current, twilio)).toBe('Number');
  expect(await answer(current, phone)).toBe('Phone');
  expect(await answer(current, { gateway: 'telnyx' })).toBe('Rest');
  expect(eventNames()).toEqual(['playbook.read', 'playbook.read', 'playbook.read']);
});

describe('a line that no playbook serves', () => {
  it('has the built-in one in its place, and one warning, which hides its number', async () => {
    await put('phone.yaml', saying('Phone', 'dev1'));
    const current = await open();
    for (const message of [twilio, twilio]) {
      const standIn = await current(message);
      expect(standIn).toMatchObject({ isStandIn: true, otherwise: 'Neutral' });
    }
    expect(await answer(current, phone)).toBe('Phone');
    await current({ gateway: 'httpsms' });
    const warnings = logged.events.filter(({ event }) => event === 'playbook.missing');
    expect(warnings.map(({ msg }) => msg?.replace(/:.*/, ''))).toEqual([
      'No playbook serves number +1********99, gateway twilio',
      'No playbook serves gateway httpsms',
    ]);
    expect(JSON.stringify(logged.events)).not.toContain(twilio.to);
  });
});

describe('a start is refused', () => {
  it('with every mistake of all files at once: lines of two playbooks, two without lines, and others', async () => {
    await put('a.yaml', saying('A', '+12065550199, twilio'));
    await put('b.yaml', saying('B', 'smsgate, +1 (206) 555-0199, twilio'));
    await put('c.yaml', saying('C'));
    await put('d.yaml', saying('D'));
    await put('e.yaml', 'lines: twilio\notherwise: X\nlabels: []\n');
    await put('f.yaml', 'lines: []\notherwise: Any\nlabels:\n  Any: { meaning: x, silence: true }\n');
    const opened = open();
    await expect(opened).rejects.toThrow(PlaybookError);
    const { message } = (await opened.catch((error: unknown) => error)) as Error;
    expect(message.split('\n').map((line) => line.replace(`${folder}/`, ''))).toEqual([
      `b.yaml:1:18: this is already a line of ${folder}/a.yaml: expected each line once`,
      `b.yaml:1:37: this is already a line of ${folder}/a.yaml: expected each line once`,
      `d.yaml:1:1: lines is missing, and ${folder}/c.yaml has none either: expected lines in every playbook of the folder but one`,
      'e.yaml:1:8: expected a list of numbers, phones or gateways, such as [+15550001234, smsgate]',
      'e.yaml:3:1: expected labels, such as Agree: { meaning: …, templates: … }',
      'f.yaml:1:1: expected at least one number, phone or gateway; to serve all, leave out lines',
    ]);
  });

  it('with a folder without a playbook', async () => {
    await expect(open()).rejects.toThrow(`${folder}:1:1: the folder has no playbook`);
  });
});

describe('an edit', () => {
  it('of one file, a new one and one that has gone apply from the next message on', async () => {
    await put('rest.yaml', saying('Rest'));
    const current = await open();
    await put('rest.yaml', saying('More rest'), 9);
    expect(await answer(current, twilio)).toBe('More rest');
    await put('number.yaml', saying('Number', '+12065550199'), 8);
    expect(await answer(current, twilio)).toBe('Number');
    await put('number.yaml', undefined, 7);
    expect(await answer(current, twilio)).toBe('More rest');
  });

  it('that makes two playbooks serve a line changes nothing and is reported once', async () => {
    await put('a.yaml', saying('A', 'twilio'));
    const current = await open();
    await put('b.yaml', saying('B', 'twilio'), 9);
    expect(await answer(current, twilio)).toBe('A');
    expect(await answer(current, twilio)).toBe('A');
    expect(eventNames()).toEqual(['playbook.read', 'playbook.rejected']);
    await put('b.yaml', saying('B', 'smsgate'), 8);
    expect(await answer(current, phone)).toBe('B');
  });

  it('that removes a file waits a moment, since editors remove a file to replace it', async () => {
    await put('number.yaml', saying('Number', 'twilio'));
    await put('rest.yaml', saying('Rest'));
    const current = await open();
    await put('number.yaml', undefined, 0);
    expect(await answer(current, twilio)).toBe('Number');
    await put('number.yaml', saying('Number again', 'twilio'), 9);
    expect(await answer(current, twilio)).toBe('Number again');
  });

  it('that removes the last file changes nothing', async () => {
    await put('number.yaml', saying('Number', 'twilio'));
    const current = await open();
    await put('number.yaml', undefined, 9);
    expect(await answer(current, twilio)).toBe('Number');
  });
});
