import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../../test/helpers/free-port.js';
import { answers, type Program, startProgram } from './program.js';

export interface Served {
  port: number;
  program: Program;
}

/** The api as shipped, a process of its own; its inbox is `folder/data`. */
export async function startApi(folder: string, { temporalAddress, ackAfter = 'inbox', settings = {} }: { temporalAddress: string; ackAfter?: 'inbox' | 'temporal'; settings?: Record<string, string> }): Promise<Served> {
  const port = await freePort();
  const DATA_DIR = path.join(folder, 'data');
  await mkdir(folder, { recursive: true });
  const env = { PORT: String(port), DATA_DIR, TEMPORAL_ADDRESS: temporalAddress, ACK_AFTER: ackAfter, METRICS_PORT: String(await freePort()), ...settings };
  const program = startProgram(process.execPath, ['dist/api/main.js'], { env, folder, name: 'api' });
  await answers(program, port);
  return { port, program };
}

export interface ServedWhole extends Served {
  dataDir: string;
  temporalAddress: string;
  gatewayUrl: string;
}

/** The whole product in one process, with its embedded Temporal server and its simulated gateway. */
export async function startWhole(folder: string): Promise<ServedWhole> {
  const [port, temporal, ui, gateway, metrics] = await Promise.all(Array.from({ length: 5 }, freePort)) as [number, number, number, number, number];
  const dataDir = path.join(folder, 'data');
  await mkdir(folder, { recursive: true });
  const env = {
    PORT: String(port),
    DATA_DIR: dataDir,
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    GATEWAY_PORT: String(gateway),
    METRICS_PORT: String(metrics),
  };
  const program = startProgram(process.execPath, ['dist/main.js'], { env, folder, name: 'answerback' });
  await answers(program, port, { withinMs: 300_000 });
  return { port, program, dataDir, temporalAddress: `127.0.0.1:${temporal}`, gatewayUrl: `http://127.0.0.1:${gateway}` };
}
