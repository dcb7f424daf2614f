import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Program, startProgram as start } from '../../test/kit/program.js';

/** A program under test, and where it prints. */
export interface LoggedProgram extends Program {
  logFile: string;
}

/** Starts a program whose output goes to a file, so that it costs the benchmark nothing. */
export function startProgram(
  command: string,
  args: string[],
  { env, folder, name }: { env: Record<string, string>; folder: string; name: string },
): LoggedProgram {
  const logFile = path.join(folder, `${name}.log`);
  return { ...start(command, args, env, { logFile }), logFile };
}

/** Waits until the webhook of a program takes requests. */
export async function waitUntilOpen(program: LoggedProgram, port: number, { withinMs = 60_000 } = {}): Promise<void> {
  for (const deadline = performance.now() + withinMs; ;) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' }).catch(() => undefined);
    await response?.arrayBuffer();
    if (response) return;
    if (program.hasEnded())
      throw new Error(`A program of the benchmark ended with ${await program.exitCode}: see ${program.logFile}`);
    if (performance.now() > deadline)
      throw new Error(`A program of the benchmark does not answer on port ${port}: see ${program.logFile}`);
    await sleep(50);
  }
}
