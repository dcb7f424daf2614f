import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A program under test. */
export interface Program {
  pid: number;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Undefined while it runs. */
  exitCode(): number | null | undefined;
  logFile: string;
}

/** Starts a program as a user would, its output in a file, with nothing set but what is named here. */
export function startProgram(command: string, args: string[], { env, folder, name }: { env: Record<string, string>; folder: string; name: string }): Program {
  const { PATH = '', HOME = '', XDG_CACHE_HOME } = process.env;
  const logFile = path.join(folder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd: projectFolder,
    env: { PATH, HOME, ...(XDG_CACHE_HOME ? { XDG_CACHE_HOME } : {}), ...env },
    stdio: ['ignore', log, log],
    // A group of its own: Ctrl-C reaches the benchmark only, which ends what it started in order.
    detached: true,
  });
  closeSync(log);
  let ended: number | null | undefined;
  const exit = new Promise<void>((resolve) => {
    child.once('error', () => resolve(void (ended = null)));
    child.once('exit', (code) => resolve(void (ended = code)));
  });
  const killWithUs = () => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  return {
    pid: child.pid ?? 0,
    logFile,
    exitCode: () => ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await exit;
      process.off('exit', killWithUs);
    },
  };
}

/** Waits until the webhook of a program takes requests. */
export async function answers(program: Program, port: number, { withinMs = 60_000 } = {}): Promise<void> {
  for (const deadline = performance.now() + withinMs; ; ) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).catch(() => undefined);
    await response?.arrayBuffer();
    if (response) return;
    if (program.exitCode() !== undefined) throw new Error(`A program of the benchmark ended with ${program.exitCode()}: see ${program.logFile}`);
    if (performance.now() > deadline) throw new Error(`A program of the benchmark does not answer on port ${port}: see ${program.logFile}`);
    await sleep(50);
  }
}
