import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { projectFolder } from '../kit/program.js';

let folder: Awaited<ReturnType<typeof dataFolder>>;

beforeAll(async () => {
  folder = await dataFolder();
});
afterAll(() => folder.remove());

/** `answerback start` on a terminal of its own, whose keys are its input. */
async function startOnTerminal(words: string) {
  const { PATH = '', HOME = '' } = process.env;
  const ports = await freePorts();
  const env = { PATH, HOME, ...ports, DATA_DIR: folder.path, TERM: 'xterm' };
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', `exec node dist/cli/main.js start ${words}`, '/dev/null'],
    { cwd: projectFolder, env, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return { ports, shown: () => shown, ended: once(child, 'exit'), press: (keys: string) => child.stdin.write(keys) };
}

it('on a terminal it says in words that it is ready, and Ctrl-C ends it', async () => {
  const { shown, press, ended } = await startOnTerminal('');
  await eventually(() => shown().includes('Stop with Ctrl-C'), { withinMs: 30_000 });
  press('\u0003');
  expect((await ended)[0], shown()).toBe(0);
});

it('with --json it says the same as an event, and nothing but events', async () => {
  const { ports, shown, press, ended } = await startOnTerminal('--json');
  await eventually(() => shown().includes('answerback.started'), { withinMs: 30_000 });
  const lines = shown().trim().split(/\r?\n/);
  const ready = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find(({ event }) => event === 'answerback.started');
  expect(ready).toMatchObject({
    webhook: `http://127.0.0.1:${ports.PORT}/api/webhook/sms-received`,
    temporalAddress: `127.0.0.1:${ports.TEMPORAL_PORT}`,
  });
  expect(lines.filter((line) => !line.includes('"level":"info"'))).toEqual([]);
  press('\u0003');
  expect((await ended)[0], shown()).toBe(0);
});
