import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** A program that was started, with a process group of its own. */
export interface Program {
  child: ChildProcess;
  pid: number;
  /** Everything it has printed so far, on both streams. */
  output: () => string;
  /** Resolves when it has ended; null after a signal. */
  exitCode: Promise<number | null>;
  hasEnded: () => boolean;
  /** Sends a signal, unless it has ended, and returns the exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** The same for the program and everything that it has started. */
  stopGroup: (signal?: NodeJS.Signals) => Promise<number | null>;
}

export interface ProgramOptions {
  /** Written to its standard input. */
  input?: string;
  cwd?: string;
  /** Where it prints, for a program whose output must not cost the caller anything. */
  logFile?: string;
}

/** What a user's shell sets and a program needs to be found and to find its caches. */
const keptVariables = ['PATH', 'HOME', 'GOPATH', 'GOFLAGS', 'GOPROXY', 'XDG_CACHE_HOME'];

/** Starts a program as a user would, with only these variables set. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  { input = '', cwd = projectFolder, logFile }: ProgramOptions = {},
): Program {
  const kept = keptVariables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const log = logFile === undefined ? undefined : openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd,
    env: { ...(Object.fromEntries(kept) as Record<string, string>), ...env },
    stdio: log === undefined ? 'pipe' : ['ignore', log, log],
    detached: true,
  });
  if (log !== undefined) closeSync(log);
  // A program may end before it reads its input.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += String(chunk)));

  const killWithUs = () => signalGroup(child, 'SIGKILL');
  process.once('exit', killWithUs);
  let ended = false;
  const exitCode = new Promise<number | null>((resolve) => {
    const end = (code: number | null) => {
      ended = true;
      process.off('exit', killWithUs);
      resolve(code);
    };
    child.once('error', (error) => {
      printed += String(error);
      end(null);
    });
    child.once('exit', end);
  });
  return {
    child,
    pid: child.pid ?? 0,
    output: () => (logFile === undefined ? printed : readFileSync(logFile, 'utf8')),
    exitCode,
    hasEnded: () => ended,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exitCode;
    },
    stopGroup(signal = 'SIGTERM') {
      if (!ended) signalGroup(child, signal);
      return exitCode;
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal);
}

/** Waits until a program has printed these words; kills it, and all it has started, when it does not. */
export async function ready(program: Program, words: string, { withinMs = 60_000 } = {}): Promise<Program> {
  try {
    await eventually(() => program.hasEnded() || program.output().includes(words), { withinMs });
    if (!program.output().includes(words)) throw new Error(`it ended with ${await program.exitCode}`);
    return program;
  } catch (error) {
    const printed = program.output();
    await program.stopGroup('SIGKILL');
    throw new Error(`${program.child.spawnargs.join(' ')} did not get ready; it printed:\n${printed}`, {
      cause: error,
    });
  }
}
