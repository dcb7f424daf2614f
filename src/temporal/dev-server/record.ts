import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isAlive } from '../../process/is-alive.js';

const run = promisify(execFile);

/** A record of the running server, beside its database. The next start finds a server that outlived its Answerback. */
export interface RecordedServer {
  pid: number;
  port: number;
  uiPort: number;
  /** URL of the codec endpoint that its Web UI uses. */
  codecEndpoint?: string | undefined;
}

const recordFile = (dataDir: string) => path.join(dataDir, 'temporal-server.json');

export async function recordServer(dataDir: string, server: RecordedServer): Promise<void> {
  await writeFile(recordFile(dataDir), JSON.stringify(server), { mode: 0o600 });
}

export async function forgetServer(dataDir: string): Promise<void> {
  await rm(recordFile(dataDir), { force: true });
}

/** Returns the recorded server if it still runs. */
export async function findDevServer(dataDir: string): Promise<RecordedServer | undefined> {
  const text = await readFile(recordFile(dataDir), 'utf8').catch(() => '{}');
  try {
    const record = JSON.parse(text) as RecordedServer;
    return isAlive(record.pid) && (await isTemporal(record.pid, dataDir)) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Checks the command of the process: the id may belong to another program by now, or to a server on another folder. */
async function isTemporal(pid: number, dataDir: string): Promise<boolean> {
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('server start-dev') && stdout.includes(path.join(dataDir, 'temporal-'));
}

/** Ends a process with SIGTERM, and with SIGKILL after 2 s. The server's database survives that. */
export async function endProcess(pid: number): Promise<void> {
  const signals = [
    { signal: 'SIGTERM', withinMs: 2_000 },
    { signal: 'SIGKILL', withinMs: 1_000 },
  ] as const;
  for (const { signal, withinMs } of signals) {
    if (isAlive(pid)) process.kill(pid, signal);
    // The deadline also ends the wait for a zombie, which is dead but looks alive until its parent collects it.
    for (const deadline = Date.now() + withinMs; isAlive(pid) && Date.now() < deadline;) await sleep(20);
  }
}
