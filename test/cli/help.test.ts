import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Packed, packAndUnpack } from '../helpers/packed.js';

let packed: Packed;
beforeAll(async () => void (packed = await packAndUnpack()));
afterAll(() => packed.remove());

const commands = ['start', 'send', 'runs', 'show', 'retry', 'quarantine', 'quarantine list', 'quarantine show', 'quarantine requeue', 'playbook', 'doctor', 'erase'];

describe('answerback, from the packed tarball', () => {
  it('says what it can do', async () => {
    const { stdout, stderr, exitCode } = await packed.answerback(['--help']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect(stdout).toMatchFileSnapshot('golden/help.txt');
  });

  it.each(commands)('says what %s takes', async (command) => {
    const { stdout, stderr, exitCode } = await packed.answerback([...command.split(' '), '--help']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect(stdout).toMatchFileSnapshot(`golden/help-${command.replace(' ', '-')}.txt`);
  });

  it.each(['help', 'help send', 'help quarantine', 'quarantine help'])('helps when asked by "%s"', async (typed) => {
    expect(await packed.answerback(typed.split(' '))).toMatchObject({ stdout: expect.stringContaining('Usage: answerback') as string, stderr: '', exitCode: 0 });
  });

  it('has its version and its manifest says how it is called', async () => {
    const { version, bin } = JSON.parse(readFileSync(`${packed.folder}/node_modules/answerback/package.json`, 'utf8')) as { version: string; bin: Record<string, string> };
    expect(await packed.answerback(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
    expect(bin).toEqual({ answerback: 'dist/cli/main.js' });
  });

  it.each([
    ['strat', "unknown command 'strat', did you mean start?"],
    ['quarantine lst', "unknown command 'lst', did you mean list?"],
    ['runs --stat failed', "unknown option '--stat', did you mean --state?"],
    ['runs --state faild', "option '--state <state>' argument 'faild' is invalid. It must be one of running, failed, uncertain, done, ended; did you mean failed?"],
    ['runs --limit 0', "option '--limit <number>' argument '0' is invalid. It must be a whole number from 1 on."],
    ['show', "missing required argument 'guid'"],
    ['show one two', "too many arguments for 'show'. Expected 1 argument but got 2."],
    ['start now', "too many arguments for 'start'. Expected 0 arguments but got 1."],
    ['retry', 'Name one GUID, or say --all'],
    ['retry one --all', 'Name one GUID, or say --all'],
    ['retry one --state failed', '--state goes with --all'],
    ['retry --all --state uncertain', 'An uncertain reply may have arrived, and would then go out twice: look at the gateway, and say --yes to send all of them again'],
    ['quarantine requeue', 'Name one id, or say --all'],
    ['quarantine requeue --all --set guid=x', '--set mends one entry: name its id'],
    ['quarantine requeue 1 --set mesage=x', '--set takes guid=…, number=… or message=…; did you mean message?'],
  ])('answers "%s" with what was meant, and exit code 2', async (typed, error) => {
    expect(await packed.answerback(typed.split(' '))).toEqual({ stdout: '', stderr: `${error}\n`, exitCode: 2 });
  });

  it('names every setting that does not fit, with exit code 2', async () => {
    const { stdout, stderr, exitCode } = await packed.answerback(['runs', '--json'], { PORT: 'x', LOG_LEVEL: 'loud' });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/PORT must be[^]*LOG_LEVEL must be/);
  });

  it('says what to do where nothing runs, with exit code 1', async () => {
    const env = { PORT: '1', TEMPORAL_ADDRESS: '127.0.0.1:1', DATA_DIR: 'nothing-here' };
    for (const [args, words] of [
      [['send', 'hello'], /^No Answerback answers at http:\/\/127\.0\.0\.1:1\/.*: start it, or set HOST and PORT/],
      [['runs'], /^No Temporal server answers at 127\.0\.0\.1:1 \(.*\): start one there or set TEMPORAL_ADDRESS/],
      [['quarantine', 'list'], /^No Answerback runs on .*: start it, or set DATA_DIR/],
    ] as const) {
      const { stdout, stderr, exitCode } = await packed.answerback(args, env);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
      expect(stderr).toMatch(words);
    }
    const { stderr, exitCode } = await packed.answerback(['quarantine', 'list'], { ACK_AFTER: 'temporal' });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('With ACK_AFTER=temporal there is no quarantine');
  });
});
