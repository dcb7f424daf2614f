import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { type Product, startBuiltApi, startBuiltWorker } from '../kit/product.js';
import type { Release } from './release.js';

/** One api or worker, of one release at a time. */
interface Member {
  /** Stops it in good order, and starts that of another release in its place. */
  replace(to: Release): Promise<void>;
  stop: () => Promise<void>;
}

interface ApiMember extends Member {
  port: number;
  /** It keeps its folder when it is replaced. */
  dataDir: string;
}

export async function startWorkerMember(first: Release, env: Record<string, string>): Promise<Member> {
  const all = { ...(await freePorts()), DATA_DIR: '/nowhere', ...env };
  return startMember(first, ({ folder }) => startBuiltWorker(all, folder));
}

export async function startApiMember(first: Release, env: Record<string, string>): Promise<ApiMember> {
  const data = await dataFolder();
  const all = { ...(await freePorts()), ...env, DATA_DIR: data.path };
  const member = await startMember(first, ({ folder }) => startBuiltApi(all, folder));
  return {
    ...member,
    port: Number(all.PORT),
    dataDir: data.path,
    async stop() {
      await member.stop();
      await data.remove();
    },
  };
}

async function startMember(first: Release, start: (release: Release) => Promise<Product>): Promise<Member> {
  let program = await start(first);
  async function stop(): Promise<void> {
    const exitCode = await program.stop();
    if (exitCode !== 0) throw new Error(`it ended with ${exitCode}; it printed:\n${program.output()}`);
  }
  return {
    async replace(to) {
      await stop();
      program = await start(to);
    },
    stop,
  };
}
