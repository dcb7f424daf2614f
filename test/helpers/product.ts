import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

export interface ChildProgram {
  child: ChildProcess;
  /** All that it has printed so far, both streams. */
  output: () => string;
  exitCode: Promise<number | null>;
}

/** Starts a command of the project as a user would, with nothing set but what is named here. */
export function startProgram(command: string, args: string[], env: Record<string, string>, { input = '', cwd = projectFolder } = {}): ChildProgram {
  const { PATH = '', HOME = '', GOPATH, GOFLAGS, GOPROXY, XDG_CACHE_HOME } = process.env;
  const kept = Object.entries({ PATH, HOME, GOPATH, GOFLAGS, GOPROXY, XDG_CACHE_HOME }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const child = spawn(command, args, { cwd, env: { ...Object.fromEntries(kept), ...env }, stdio: 'pipe', detached: true });
  // One that ends without reading it.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    output: () => output,
    exitCode: new Promise((resolve) => child.once('exit', resolve)),
  };
}

export interface ProductPorts extends Record<string, string> {
  PORT: string;
  TEMPORAL_PORT: string;
  TEMPORAL_UI_PORT: string;
  GATEWAY_PORT: string;
  METRICS_PORT: string;
}

export async function freePorts(): Promise<ProductPorts> {
  const [api, temporal, ui, gateway, metrics] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
  return { PORT: String(api), TEMPORAL_PORT: String(temporal), TEMPORAL_UI_PORT: String(ui), GATEWAY_PORT: String(gateway), METRICS_PORT: String(metrics) };
}

/** A data folder for one test. `remove` also ends a Temporal server that a killed run has left in it. */
export async function dataFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-data-'));
  return {
    path: folder,
    async remove() {
      await endLeftOverServer(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Kills the Temporal server that a killed run has left in a data folder, where there is one. */
export async function endLeftOverServer(folder: string): Promise<void> {
  const left = await leftOverServer(folder);
  if (left !== undefined) process.kill(left, 'SIGKILL');
}

/** The process id of the Temporal server that is recorded in a data folder. */
export async function leftOverServer(folder: string): Promise<number | undefined> {
  try {
    const { pid } = JSON.parse(await readFile(path.join(folder, 'temporal-server.json'), 'utf8')) as { pid: number };
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

export interface Product extends ChildProgram {
  webhook: string;
  gatewayUrl: string;
  /** Sends SIGTERM (or another signal) and returns the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

type Environment = Record<string, string> & ProductPorts & { DATA_DIR: string };

/** `npm start` on free ports, waited for until it says it is ready. */
export async function startProduct(env: Environment): Promise<Product> {
  return asProduct(await ready(startProgram('npm', ['start'], env), 'Stop with Ctrl-C'), env);
}

/** The same without the build, which the suite has made, and without npm: the child is the product itself. */
export async function startBuiltProduct(env: Environment): Promise<Product> {
  return asProduct(await ready(startProgram(process.execPath, ['dist/main.js'], env), 'Stop with Ctrl-C'), env);
}

/** The api as a process of its own. */
export async function startBuiltApi(env: Environment): Promise<Product> {
  return asProduct(await ready(startProgram(process.execPath, ['dist/api/main.js'], env), 'The api is ready'), env);
}

/** A worker as a process of its own; its METRICS_PORT is not that of the api beside it. */
export async function startBuiltWorker(env: Environment): Promise<Product> {
  return asProduct(await ready(startProgram(process.execPath, ['dist/worker/main.js'], env), 'The worker is ready'), env);
}

/** Waits until a program has printed these words. */
export async function ready(program: ChildProgram, words: string): Promise<ChildProgram> {
  let ended: number | null | undefined;
  void program.exitCode.then((code) => (ended = code));
  try {
    await eventually(() => ended !== undefined || program.output().includes(words), { withinMs: 60_000 });
    if (!program.output().includes(words)) throw new Error(`it ended with ${ended}`);
    return program;
  } catch (error) {
    if (program.child.pid !== undefined && ended === undefined) process.kill(-program.child.pid, 'SIGKILL');
    throw new Error(`${program.child.spawnargs.join(' ')} did not get ready; it printed:\n${program.output()}`, { cause: error });
  }
}

function asProduct(program: ChildProgram, env: Environment): Product {
  return {
    ...program,
    webhook: `http://127.0.0.1:${env.PORT}/api/webhook/sms-received`,
    gatewayUrl: `http://127.0.0.1:${env.GATEWAY_PORT}`,
    stop(signal = 'SIGTERM') {
      program.child.kill(signal);
      return program.exitCode;
    },
  };
}

/** Posts JSON and returns status and body. */
export async function postJson(url: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
