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

/** Where the whole product runs: each start uses the same ports and the same folder. */
export interface Whole {
  port: number;
  dataDir: string;
  temporalAddress: string;
  gatewayUrl: string;
  /** What its commands need, to find it. */
  env: Record<string, string>;
  /** Returns when the webhook takes requests. */
  start(): Promise<Program>;
}

/** The whole product in one process, with its embedded Temporal server, and its simulated gateway unless `settings` name a gateway. */
export async function prepareWhole(folder: string, settings: Record<string, string> = {}): Promise<Whole> {
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
    ...settings,
  };
  return {
    ...{ port, dataDir, env },
    temporalAddress: `127.0.0.1:${temporal}`,
    gatewayUrl: `http://127.0.0.1:${gateway}`,
    async start() {
      const program = startProgram(process.execPath, ['dist/main.js'], { env, folder, name: 'answerback' });
      await answers(program, port, { withinMs: 300_000 });
      return program;
    },
  };
}

export interface ServedWhole extends Served, Omit<Whole, 'start'> {}

export async function startWhole(folder: string): Promise<ServedWhole> {
  const whole = await prepareWhole(folder);
  return { ...whole, program: await whole.start() };
}
