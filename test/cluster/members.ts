import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { freePort } from '../kit/ports.js';
import { messagesIn } from '../helpers/inbox-file.js';
import { dataFolder } from '../kit/data-folder.js';
import { ready, startProgram } from '../kit/program.js';
import { supervise } from '../kit/supervised.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import type { Cluster } from './cluster.js';

/** A process of the product. */
interface Member {
  name: string;
  /** Tells it to stop, and starts it again once it has ended, as a rolling update does; returns its exit code. */
  restart(): Promise<number | null>;
  /** Tells it to stop, and returns its exit code. */
  stop(): Promise<number | null>;
  output(): string;
}

interface Api extends Member {
  port: number;
  dataDir: string;
  /** What it is started with. */
  env: Record<string, string>;
  /** Texts that it has accepted and that Temporal does not have; undefined while it is unknown. */
  depth(): number | undefined;
}

export interface Members {
  gateway: SimulatedGateway;
  apis: [Api, Api];
  workers: [Member, Member];
  stop(): Promise<void>;
}

/** Two apis, each with an inbox of its own, two workers, and the gateway that keeps the ledger of replies. */
export async function startMembers({ address }: Pick<Cluster, 'address'>): Promise<Members> {
  const gateway = await startSimulatedGateway({ port: 0 });
  const folders = [await dataFolder(), await dataFolder()] as const;
  const common = {
    TEMPORAL_ADDRESS: address,
    ANSWERBACK_SECRET: testSecret,
    WEBHOOK_SECRET: webhookSecret,
    LOG_LEVEL: 'info',
  };
  const all: Member[] = [];
  const stop = async () => {
    await Promise.all(all.map((member) => member.stop()));
    await gateway.close();
    for (const folder of folders) await folder.remove();
  };
  async function startOne(name: string, main: string, words: string, env: Record<string, string>): Promise<Member> {
    const member = await startMember(name, main, words, { ...common, ...env, METRICS_PORT: String(await freePort()) });
    all.push(member);
    return member;
  }
  async function startApi(name: string, dataDir: string): Promise<Api> {
    const port = await freePort();
    const env = { ...common, PORT: String(port), DATA_DIR: dataDir };
    return {
      ...(await startOne(name, 'dist/api/main.js', 'The api is ready', env)),
      port,
      dataDir,
      env,
      depth: () => messagesIn(dataDir),
    };
  }
  const answering = { SMS_MOBILE_API_KEY: 'a-key', SMS_MOBILE_API_URL: gateway.url, SMS_AUTO_REPLY_ENABLED: 'true' };
  const startWorker = (name: string) => startOne(name, 'dist/worker/main.js', 'The worker is ready', answering);
  try {
    const workers: Members['workers'] = [await startWorker('worker 1'), await startWorker('worker 2')];
    return {
      gateway,
      apis: [await startApi('api 1', folders[0].path), await startApi('api 2', folders[1].path)],
      workers,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMember(name: string, main: string, words: string, env: Record<string, string>): Promise<Member> {
  // One that ends by itself stays down, and its exit code fails the test.
  const program = await supervise(() => ready(startProgram(process.execPath, [main], env), words), { maxCrashes: 0 });
  return { name, restart: () => program.restart(), stop: () => program.stop(), output: program.output };
}
