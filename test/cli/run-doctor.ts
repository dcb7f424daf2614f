import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { packed, type Ran } from '../helpers/answerback-command.js';
import { freePorts } from '../kit/ports.js';

/** The data folder of a test. */
export let folder: string;
let ports: Awaited<ReturnType<typeof freePorts>>;
let servers: Server[] = [];

/** Gives each test of a file a folder and ports of its own, and ends its servers. */
export function useDoctor(): void {
  beforeEach(async () => {
    [folder, ports] = await Promise.all([mkdtemp(path.join(tmpdir(), 'answerback-doctor-')), freePorts()]);
    await chmod(folder, 0o700);
  });
  afterEach(async () => {
    for (const server of servers) server.close();
    servers = [];
    await rm(folder, { recursive: true });
  });
}

interface Finding {
  check: string;
  status: string;
  found: string;
  todo?: string;
}

/** Runs `answerback doctor`. */
export async function doctor(
  settings: Record<string, string> = {},
): Promise<Ran & { of: (check: string) => Finding | undefined }> {
  const ran = await packed.answerback(['doctor', '--json'], { DATA_DIR: folder, ...ports, ...settings });
  const { checks } = JSON.parse(ran.stdout) as { checks: Finding[] };
  return { ...ran, of: (name) => checks.find(({ check }) => check === name) };
}
/** Starts a server on a free port. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ port: string; url: string }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = String((server.address() as AddressInfo).port);
  return { port, url: `http://127.0.0.1:${port}` };
}
