import { Client } from '@temporalio/client';
import type { ScriptInput } from '../src/simulated-gateway/script.js';
import { type SimulatedGateway, startSimulatedGateway } from '../src/simulated-gateway/server.js';
import { defaultCacheFolder, findTemporalBinary } from '../src/temporal/binary.js';
import { connectTemporal } from '../src/temporal/connect.js';
import { ensureNamespace } from '../src/temporal/namespace.js';
import { startTemporalServer } from '../src/temporal/server.js';
import { eventually } from '../test/helpers/eventually.js';
import { freePort } from '../test/helpers/free-port.js';
import { messagesIn } from '../test/helpers/inbox-file.js';
import { silentLog } from '../test/helpers/logs.js';
import { type ChildProgram, dataFolder, freePorts, leftOverServer, startProgram } from '../test/helpers/product.js';
import { quietRuntime } from '../test/helpers/temporal.js';

/** How long the gateway takes for a send, so that kills land in the middle of some. */
const sendMs = 500;

export type Part = 'api' | 'worker' | 'temporal';

export interface Fleet {
  webhook: string;
  gateway: SimulatedGateway;
  client: Client;
  /** Kills a part with SIGKILL and starts it again; Temporal is started again by what watches it. */
  killAndRestart: (part: Part) => Promise<void>;
  /** Starts a second worker, and tells the first to stop once that is ready, as a deploy does. Returns the first one's exit code. */
  rollWorker: () => Promise<number | null>;
  temporalAddress: string;
  /** Messages that were accepted and that Temporal does not have; undefined at a moment when that cannot be told. */
  pendingInInbox: () => number | undefined;
  /** Sends that the gateway has accepted and not answered. */
  sendsUnderWay: () => number;
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

/** Api, worker and Temporal as processes of their own, on one data folder, and a gateway that stays up and keeps the ledger. */
export async function startFleet({ mains = {}, env: extraEnv = {}, script = [{ delayMs: sendMs, times: 1_000_000 }] }: FleetOptions = {}): Promise<Fleet> {
  const data = await dataFolder();
  const ports = await freePorts();
  const gateway = await startSimulatedGateway({ port: 0 });
  gateway.script(script);
  const common = { log: silentLog, stopping: new AbortController().signal };
  const env = process.env as Record<string, string>;
  const binary = await findTemporalBinary({ ...common, searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env) });
  const startTemporal = () =>
    startTemporalServer({
      ...common,
      binary,
      dataDir: data.path,
      port: Number(ports.TEMPORAL_PORT),
      uiPort: Number(ports.TEMPORAL_UI_PORT),
      mostRestarts: 1_000,
      onExit: (error) => console.error(error),
    });
  let temporal = await startTemporal();
  quietRuntime();
  const { connection } = await connectTemporal({ connectionOptions: { address: temporal.address } }, { retryForMs: 30_000 });
  await ensureNamespace(connection, 'default');

  const programEnv = {
    ...ports,
    DATA_DIR: data.path,
    TEMPORAL_ADDRESS: temporal.address,
    SMS_MOBILE_API_KEY: 'a-key',
    SMS_MOBILE_API_URL: gateway.url,
    SMS_AUTO_REPLY_ENABLED: 'true',
    LOG_LEVEL: 'warn',
    ...extraEnv,
  };
  const commands = { api: mains.api ?? ['dist/api/main.js'], worker: mains.worker ?? ['dist/worker/main.js'] };
  // A port of its own each time: two workers overlap in a rolling update.
  const start = async (part: 'api' | 'worker') => startProgram(process.execPath, commands[part], { ...programEnv, METRICS_PORT: String(await freePort()) });
  const programs: Record<'api' | 'worker', ChildProgram> = { api: await start('api'), worker: await start('worker') };
  const starting = { api: false, worker: false };

  async function restart(part: 'api' | 'worker'): Promise<void> {
    starting[part] = true;
    await kill(programs[part]);
    programs[part] = await start(part);
    starting[part] = false;
  }

  async function kill(program: ChildProgram): Promise<void> {
    program.child.kill('SIGKILL');
    await program.exitCode;
  }

  // A worker that comes up while Temporal is down ends, and its supervisor, here we, starts it again.
  const supervisor = setInterval(() => {
    for (const part of ['api', 'worker'] as const) if (!starting[part] && programs[part].child.exitCode !== null) void restart(part);
  }, 200);

  return {
    webhook: `http://127.0.0.1:${ports.PORT}/api/webhook/sms-received`,
    gateway,
    client: new Client({ connection }),
    stopTemporal: () => temporal.stop(),
    async returnTemporal() {
      temporal = await startTemporal();
    },
    apiOutput: () => programs.api.output(),
    async killAndRestart(part) {
      if (part === 'temporal') {
        const pid = await leftOverServer(data.path);
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        return;
      }
      await eventually(() => !starting[part]);
      await restart(part);
    },
    async rollWorker() {
      const old = programs.worker;
      const next = await start('worker');
      await eventually(() => next.output().includes('The worker is ready'), { withinMs: 30_000 });
      programs.worker = next;
      old.child.kill('SIGTERM');
      return old.exitCode;
    },
    temporalAddress: temporal.address,
    pendingInInbox: () => messagesIn(data.path),
    sendsUnderWay: () => gateway.sent.texts.slice(-500).filter(({ at }) => Date.now() - Date.parse(at) < sendMs).length,
    async stop() {
      clearInterval(supervisor);
      await eventually(() => !starting.api && !starting.worker);
      await Promise.all(Object.values(programs).map(kill));
      await connection.close();
      await temporal.stop();
      await gateway.close();
      await data.remove();
    },
  };
}
