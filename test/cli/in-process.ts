import { Writable } from 'node:stream';
import { expect, vi } from 'vitest';
import { runProgram } from '../../src/cli/program.js';
import { ConfigError, UsageError } from '../../src/process/errors.js';
import type { Ran } from '../helpers/answerback-command.js';

// The SDK's runtime is set up once a process, and the commands run in this one: a process each takes a second.
vi.mock('../../src/temporal/runtime.js', async (original) => {
  const real = await original<{ prepareRuntime: (...all: unknown[]) => void }>();
  let isPrepared = false;
  const prepareRuntime = (...all: unknown[]) => (isPrepared ||= (real.prepareRuntime(...all), true));
  return { ...real, prepareRuntime };
});

/** Runs a command of `answerback` in this process, with only these variables set. */
export async function inProcess(args: readonly string[], env: Record<string, string>): Promise<Ran> {
  const ran: Ran = { stdout: '', stderr: '', exitCode: 0 };
  const streamTo = (name: 'stdout' | 'stderr') =>
    new Writable({ write: (chunk, _encoding, done) => ((ran[name] += String(chunk)), done()) }) as NodeJS.WriteStream;
  const streams = { out: streamTo('stdout'), err: streamTo('stderr') };
  try {
    const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
    await runProgram(args, { env: set, streams, start: () => expect.fail('it started') });
  } catch (error) {
    ran.stderr += `${(error as Error).message}\n`;
    ran.exitCode = error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  }
  return ran;
}
