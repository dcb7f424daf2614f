import { Client } from '@temporalio/client';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { messagesIn } from '../helpers/inbox-file.js';
import { silentLog } from '../helpers/logs.js';
import { dataFolder, leftOverServer } from '../kit/data-folder.js';
import { freePort, freePorts } from '../kit/ports.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import { webhookOf } from '../kit/product.js';
import { type Program, ready, startProgram } from '../kit/program.js';
import { supervise } from '../kit/supervised.js';
import { connectTo, startTemporal, temporalProgram } from '../kit/temporal.js';

/** How long the gateway takes for a send, so that kills land in the middle of some. */
const sendMs = 500;

export type Part = 'api' | 'worker' | 'temporal';

export interface Fleet {
  webhook: string;
  gateway: SimulatedGateway;
  client: Client;
  /** Kills a part with SIGKILL and starts it again; Temporal is started again by what watches it. */
  killAndRestart: (part: Part) => Promise<void>;
  /**
   * Starts a second worker, and stops the first once that is ready, as a deploy does. Returns the first one's
   * exit code.
   */
  rollWorker: () => Promise<number | null>;
  /** Starts one more worker; resolves when it is ready, with a function that reads its metrics. */
  addWorker: () => Promise<() => Promise<string>>;
  temporalAddress: string;
  /** Messages that were accepted and that Temporal does not have; undefined while it is unknown. */
  pendingInInbox: () => number | undefined;
  /** Ends Temporal in good order; it stays away until `returnTemporal`. */
  stopTemporal: () => Promise<void>;
  returnTemporal: () => Promise<void>;
  /** What the api has printed. */
  apiOutput: () => string;
  stop: () => Promise<void>;
}

export interface FleetOptions {
  /** The mains to run, for the controls. */
  mains?: Partial<Record<'api' | 'worker', string[]>>;
  env?: Record<string, string>;
  /** How the gateway takes sends; by default each takes half a second. */
  script?: ScriptInput;
}

/**
 * Api, worker and Temporal as processes of their own, on one data folder, and a gateway that stays up and keeps the
 * ledger.
 */
export async function startFleet({
  mains = {},
  env: extraEnv = {},
  script = [{ delayMs: sendMs, times: 1_000_000 }],
}: FleetOptions = {}): Promise<Fleet> {
  const data = await dataFolder();
  const ports = await freePorts();
  const gateway = await startSimulatedGateway({ port: 0 });
  gateway.script(script);
  const binary = await temporalProgram();
  const serveTemporal = () =>
    startTemporal(data.path, {
      binary,
      port: Number(ports.TEMPORAL_PORT),
      uiPort: Number(ports.TEMPORAL_UI_PORT),
      maxRestarts: 1_000,
      log: silentLog,
    });
  let temporal = await serveTemporal();
  const connection = await connectTo(temporal.address);

  const programEnv = {
    ...ports,
    DATA_DIR: data.path,
    TEMPORAL_ADDRESS: temporal.address,
    ANSWERBACK_SECRET: testSecret,
    WEBHOOK_SECRET: webhookSecret,
    SMS_MOBILE_API_KEY: 'a-key',
    SMS_MOBILE_API_URL: gateway.url,
    SMS_AUTO_REPLY_ENABLED: 'true',
    LOG_LEVEL: 'warn',
    ...extraEnv,
  };
  const commands = { api: mains.api ?? ['dist/api/main.js'], worker: mains.worker ?? ['dist/worker/main.js'] };
  // A port of its own each time: two workers overlap in a rolling update.
  const start = async (part: 'api' | 'worker', metricsPort?: number) =>
    startProgram(process.execPath, commands[part], {
      ...programEnv,
      METRICS_PORT: String(metricsPort ?? (await freePort())),
    });
  // A worker that starts while Temporal is down ends, and is started again.
  const added: Program[] = [];
  const programs = { api: await supervise(() => start('api')), worker: await supervise(() => start('worker')) };

  return {
    webhook: webhookOf(programEnv),
    gateway,
    client: new Client({ connection }),
    stopTemporal: () => temporal.stop(),
    async returnTemporal() {
      temporal = await serveTemporal();
    },
    apiOutput: () => programs.api.running()?.output() ?? '',
    async killAndRestart(part) {
      if (part === 'temporal') {
        const pid = await leftOverServer(data.path);
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        return;
      }
      await programs[part].restart('SIGKILL');
    },
    rollWorker: () => programs.worker.roll((next) => ready(next, 'The worker is ready', { withinMs: 30_000 })),
    async addWorker() {
      const metricsPort = await freePort();
      const worker = await start('worker', metricsPort);
      added.push(worker);
      await ready(worker, 'The worker is ready', { withinMs: 30_000 });
      return async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    },
    temporalAddress: temporal.address,
    pendingInInbox: () => messagesIn(data.path),
    async stop() {
      await Promise.all([...Object.values(programs), ...added].map((program) => program.stop('SIGKILL')));
      await connection.close();
      await temporal.stop();
      await gateway.close();
      await data.remove();
    },
  };
}
