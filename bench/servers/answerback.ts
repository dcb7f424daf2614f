import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort, freePorts } from '../../test/kit/ports.js';
import { testSecret, webhookSecret } from '../../test/kit/secret.js';
import { waitUntilOpen, type LoggedProgram, startProgram } from './program.js';

/** An address where nothing listens: each connection is refused at once, and the forwarder tries one every 5 s. */
export const nowhere = '127.0.0.1:9';

export interface Served {
  port: number;
  program: LoggedProgram;
}

export interface ServedApi extends Served {
  metricsUrl: string;
}

/** The variables that verify posts: an api with one of them needs no WEBHOOK_SECRET. */
const secrets = ['WEBHOOK_SIGNING_SECRET', 'TWILIO_AUTH_TOKEN'];

/**
 * The api as shipped, a process of its own; its inbox is `folder/data`.
 *
 * @param options.port default: a free one
 * @param options.command what runs dist/api/main.js, with its arguments; default: node
 */
export async function startApi(
  folder: string,
  {
    temporalAddress,
    settings = {},
    port: wantedPort,
    command: [command = '', ...args] = [process.execPath],
  }: { temporalAddress: string; settings?: Record<string, string>; port?: number; command?: readonly string[] },
): Promise<ServedApi> {
  const [port, metricsPort] = [wantedPort ?? (await freePort()), await freePort()];
  const DATA_DIR = path.join(folder, 'data');
  await mkdir(folder, { recursive: true });
  const env = {
    PORT: String(port),
    DATA_DIR,
    TEMPORAL_ADDRESS: temporalAddress,
    ANSWERBACK_SECRET: testSecret,
    METRICS_PORT: String(metricsPort),
    ...(secrets.some((name) => name in settings) ? {} : { WEBHOOK_SECRET: webhookSecret }),
    ...settings,
  };
  const program = startProgram(command, [...args, 'dist/api/main.js'], { env, folder, name: 'api' });
  await waitUntilOpen(program, port);
  return { port, program, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics` };
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
  start(): Promise<LoggedProgram>;
}

/**
 * The whole product in one process, with its embedded Temporal server, and its simulated gateway unless `settings`
 * name a gateway.
 *
 * @param nodeOptions options of Node for its process
 */
export async function prepareWhole(
  folder: string,
  settings: Record<string, string> = {},
  nodeOptions: readonly string[] = [],
): Promise<Whole> {
  const ports = await freePorts();
  const dataDir = path.join(folder, 'data');
  await mkdir(folder, { recursive: true });
  const env = {
    ...ports,
    DATA_DIR: dataDir,
    ...settings,
  };
  const port = Number(ports.PORT);
  return {
    ...{ port, dataDir, env },
    temporalAddress: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    gatewayUrl: `http://127.0.0.1:${ports.GATEWAY_PORT}`,
    async start() {
      const program = startProgram(process.execPath, [...nodeOptions, 'dist/standalone/main.js'], {
        ...{ env, folder },
        name: 'answerback',
      });
      await waitUntilOpen(program, port, { withinMs: 300_000 });
      return program;
    },
  };
}

export interface ServedWhole extends Served, Omit<Whole, 'start'> {}

export async function startWhole(...options: Parameters<typeof prepareWhole>): Promise<ServedWhole> {
  const whole = await prepareWhole(...options);
  return { ...whole, program: await whole.start() };
}
