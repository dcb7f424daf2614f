import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packed } from '../helpers/answerback-command.js';

const commands = [
  'start',
  'send',
  'runs',
  'show',
  'retry',
  'contact',
  'contact list',
  'contact show',
  'contact pause',
  'contact resume',
  'contact opt-out',
  'contact opt-in',
  'contact import',
  'contact export',
  'contact rekey',
  'quarantine',
  'quarantine list',
  'quarantine show',
  'quarantine requeue',
  'playbook',
  'doctor',
  'connect',
  'drain',
  'retry-stuck',
  'backup',
  'erase',
];

describe('answerback, from the packed tarball', () => {
  it('lists its commands', async () => {
    const { stdout, stderr, exitCode } = await packed.answerback(['--help']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect(stdout).toMatchFileSnapshot('golden/help.txt');
  });

  it.each(commands)('shows the options of %s', async (command) => {
    const { stdout, stderr, exitCode } = await packed.answerback([...command.split(' '), '--help']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect(stdout).toMatchFileSnapshot(`golden/help-${command.replace(' ', '-')}.txt`);
  });

  it.each(['help', 'help send', 'help quarantine', 'quarantine help'])('helps when asked by "%s"', async (typed) => {
    expect(await packed.answerback(typed.split(' '))).toMatchObject({
      stdout: expect.stringContaining('Usage: answerback') as string,
      stderr: '',
      exitCode: 0,
    });
  });

  it('has its version, and its manifest says how to call it', async () => {
    const { version, bin } = JSON.parse(
      readFileSync(`${packed.folder}/node_modules/answerback/package.json`, 'utf8'),
    ) as { version: string; bin: Record<string, string> };
    expect(await packed.answerback(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
    expect(bin).toEqual({ answerback: 'dist/cli/main.js' });
  });

  it.each([
    ['strat', "unknown command 'strat', did you mean start?"],
    ['quarantine lst', "unknown command 'lst', did you mean list?"],
    ['runs --stat failed', "unknown option '--stat', did you mean --state?"],
    [
      'runs --state faild',
      "option '--state <state>' argument 'faild' is invalid. It must be one of running, failed, uncertain, done, ended; did you mean failed?",
    ],
    ['runs --limit 0', "option '--limit <number>' argument '0' is invalid. It must be a whole number, at least 1."],
    ['show', "missing required argument 'guid'"],
    ['show one two', "too many arguments for 'show'. Expected 1 argument but got 2."],
    ['start now', "too many arguments for 'start'. Expected 0 arguments but got 1."],
    ['retry', 'Give a GUID or --all'],
    ['retry one --all', 'Give a GUID or --all'],
    ['retry one --state failed', '--state needs --all'],
    [
      'retry --all --state uncertain',
      'Uncertain replies may have arrived, and would then be sent twice: check them at the gateway, then add --yes to send all of them again',
    ],
    ['playbook --min 0.9', '--model and --min need --test'],
    ['playbook --model', '--model and --min need --test'],
    ['playbook --test texts.yaml --try yes', 'Give --try or --test'],
    [
      'playbook --test texts.yaml --min 92',
      "option '--min <share>' argument '92' is invalid. It must be a number from 0 to 1, such as 0.92.",
    ],
    ['drain --within soon', '--within must be a number with s, m, h or d, such as 10m'],
    ['quarantine requeue', 'Give an id or --all'],
    ['quarantine requeue --all --set guid=x', '--set corrects only one entry: give its id instead of --all'],
    ['quarantine requeue 1 --set mesage=x', '--set must be guid=…, number=… or message=…; did you mean message?'],
  ])('suggests the right command for "%s", with exit code 2', async (typed, error) => {
    expect(await packed.answerback(typed.split(' '))).toEqual({ stdout: '', stderr: `${error}\n`, exitCode: 2 });
  });

  it('names every invalid setting, with exit code 2', async () => {
    const { stdout, stderr, exitCode } = await packed.answerback(['runs', '--json'], { PORT: 'x', LOG_LEVEL: 'loud' });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/PORT must be[^]*LOG_LEVEL must be/);
  });

  it('says what to do when nothing runs, with exit code 1', async () => {
    const env = { PORT: '1', TEMPORAL_ADDRESS: '127.0.0.1:1', DATA_DIR: 'nothing-here' };
    for (const [args, words] of [
      [
        ['send', 'hello'],
        /^Answerback does not respond at http:\/\/127\.0\.0\.1:1\/.*: start it, or set HOST and PORT/,
      ],
      [['runs'], /^No Temporal server responds at 127\.0\.0\.1:1 \(.*\): start one there or set TEMPORAL_ADDRESS/],
      [['quarantine', 'list'], /^No Answerback runs on .*: start it, or set DATA_DIR/],
      [['drain'], /^No Answerback runs on .*: start it, or set DATA_DIR/],
    ] as const) {
      const { stdout, stderr, exitCode } = await packed.answerback(args, env);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
      expect(stderr).toMatch(words);
    }
    for (const [args, words] of [
      [['quarantine', 'list'], 'there is no quarantine'],
      [['drain'], 'there is no inbox to drain: stop the api'],
    ] as const) {
      const { stderr, exitCode } = await packed.answerback(args, { ACK_AFTER: 'temporal' });
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`With ACK_AFTER=temporal and without DATA_DIR ${words}`);
    }
  });
});
