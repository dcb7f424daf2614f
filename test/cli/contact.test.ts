import { describe, expect, it } from 'vitest';
import { contact, contacts, env, json, listed, useContacts } from './contact-setup.js';
import { packed } from '../helpers/answerback-command.js';
import { eventually } from '../kit/eventually.js';

useContacts();

const masked = '+1********34';
const number = '+12125551234';

it('nothing is remembered of most numbers, and the commands say so', async () => {
  expect(await contact(`show ${number}`)).toEqual({
    stdout: 'Nothing is remembered of this number: it gets automatic replies\n',
    stderr: '',
    exitCode: 0,
  });
  expect(await json(`show ${number}`)).toEqual({ contact: null, everyone: null });
  expect(await json('list')).toEqual({ everyone: null, contacts: [] });
  expect((await contact('list')).stderr).toBe('There are no contacts.\n');
  expect((await contact('list --state handed-over')).stderr).toBe('No contact is handed over.\n');
  expect(await json(`resume ${number}`)).toEqual({ number: masked, state: null, changed: false });
  expect((await contact(`opt-in ${number}`)).stdout).toBe(`Nothing was remembered of ${masked}\n`);
});

it('a program of its own prints the same', async () => {
  expect(await packed.answerback(['contact', 'list', '--json'], env)).toEqual({
    stdout: '{\n  "everyone": null,\n  "contacts": []\n}\n',
    stderr: 'There are no contacts.\n',
    exitCode: 0,
  });
  expect(await packed.answerback(['contact', 'export'], env)).toEqual({
    stdout: 'number,since,source,words,state\n',
    stderr: '',
    exitCode: 0,
  });
});

describe('a number', () => {
  it('is paused, again for longer, shown, listed, and resumed under another notation', async () => {
    const paused = await json<{ until: string }>(`pause ${number}`);
    expect(paused).toEqual({ number: masked, state: 'paused', until: paused.until });
    expect(Date.parse(paused.until) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
    const { until } = await json<{ until: string }>('pause 2125551234 --for 2d');
    expect(await json('show 0012125551234')).toEqual({
      contact: { number, state: 'paused', since: expect.any(String) as string, until, source: 'operator' },
      everyone: null,
    });
    // As a message has it whose number came without a country code.
    expect(await contacts.stateOf(['2125551234'])).toBe('paused');
    await eventually(async () => (await listed(' --state paused')).some((one) => one.until === until));
    const { stdout } = await contact('list');
    expect(stdout).toMatch(/^STATE {8}SINCE {21}UNTIL {21}SOURCE {12}NUMBER\n/);
    expect(stdout).toMatch(/^paused {7}\S{24} {2}\S{24} {2}operator {10}\+1\*{8}34$/m);
    expect(stdout).not.toContain('2125551234');
    expect((await contact('list --numbers --limit 1')).stderr).toBe(
      'These are the newest 1 contacts. Use --limit to list more.\n',
    );
    expect((await contact('resume 12125551234')).stdout).toBe('Resumed: +1********34\n');
    expect(await contacts.stateOf([number, '2125551234'])).toBe(undefined);
  });

  it('is opted out, once, and an opt-out is only ended by opt-in', async () => {
    const other = '+12125559876';
    const first = await json<{ since: string }>(`opt-out ${other}`);
    expect(first).toMatchObject({ number: '+1********76', state: 'opted-out', changed: true });
    expect(await json(`opt-out ${other}`)).toEqual({ ...first, changed: false });
    expect(await contact(`pause ${other}`)).toEqual({
      stdout: '',
      stderr: '+1********76 has opted out, and is not paused: end the opt-out with "answerback contact opt-in"\n',
      exitCode: 1,
    });
    expect(await contact(`resume ${other}`)).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('has opted out, and stays so') as string,
      exitCode: 1,
    });
    expect((await contact(`show ${other}`)).stdout).toMatch(/^State +opted out$/m);
    expect(await json('opt-in 2125559876')).toEqual({ number: '+1********76', state: null, changed: true });
    expect(await contacts.stateOf([other])).toBe(undefined);
  });

  it('that was handed over is resumed, and one that is paused is opted out', async () => {
    const since = new Date().toISOString();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await contacts.pause({
      state: 'handed-over',
      sender: '+12125550001',
      since,
      until,
      source: 'text',
      words: 'human',
    });
    expect((await contact('show +12125550001')).stdout).toMatch(/^State +handed over\n[^]*^Words +human$/m);
    expect(await json('resume +12125550001')).toMatchObject({ changed: true });
    await contact('pause +12125550001');
    await contact('opt-out +12125550001');
    expect(await contacts.find(['+12125550001'])).toMatchObject({ state: 'opted-out', source: 'operator' });
    await contact('opt-in +12125550001');
  });

  it.each([
    ['show Peter', 'The given number is not a phone number'],
    ['opt-out MPESA', 'The given number is not a phone number'],
    ['pause', 'Give a number or --all'],
    [`pause ${number} --all`, 'Give a number or --all'],
    [`pause ${number} --for 0h`, '--for must be a number with s, m, h or d, such as 12h, and at most 3650d'],
    [`pause ${number} --for 3651d`, '--for must be a number with s, m, h or d'],
    ['resume', 'Give a number or --all'],
    ['list --state opted', 'It must be one of opted-out, paused, handed-over'],
  ])('that is none, or a wrong option, is an error with exit code 2: %s', async (args, error) => {
    expect(await contact(args)).toMatchObject({ stdout: '', stderr: expect.stringContaining(error), exitCode: 2 });
  });

  it("is refused without a secret, and with another installation's", async () => {
    for (const [secret, words] of [
      ['', 'ANSWERBACK_SECRET must be set'],
      ['another-secret-of-this-test-suite', 'ANSWERBACK_SECRET must be the secret of this installation'],
    ] as const)
      expect(await contact(`show ${number}`, { ...env, ANSWERBACK_SECRET: secret })).toMatchObject({
        stdout: '',
        stderr: expect.stringContaining(words) as string,
        exitCode: 2,
      });
  });
});

it('the replies to all numbers are paused and started again, and list and show say it', async () => {
  const { everyone } = await json<{ everyone: { until: string } }>('pause --all --for 30m');
  expect(await contacts.isEveryonePaused()).toBe(true);
  const line = `All automatic replies are paused until ${everyone.until}: start them again with "answerback contact resume --all"\n`;
  expect((await contact(`show ${number}`)).stderr).toBe(line);
  expect((await contact('list')).stderr).toContain(line);
  expect(await json('list')).toMatchObject({ everyone });
  expect((await contact('resume --all')).stdout).toBe('Resumed: automatic replies\n');
  expect((await contact('resume --all')).stdout).toBe('Automatic replies were not paused\n');
  expect(await contacts.findEveryone()).toBe(undefined);
});
