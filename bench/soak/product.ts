import { endLeftOverServer, leftOverServer } from '../../test/kit/data-folder.js';
import { supervise } from '../../test/kit/supervised.js';
import type { Whole } from '../servers/answerback.js';

/** The product as a service manager keeps it: what ends by itself is started again, and counted. */
export interface SoakedProduct {
  /** Undefined while it is down. */
  pid(): number | undefined;
  temporalPid(): Promise<number | undefined>;
  /** Ends it by this signal, and returns once it takes posts again. */
  restart(signal: NodeJS.Signals): Promise<void>;
  /**
   * The product starts it again by itself.
   *
   * @throws an Error where none runs
   */
  killTemporal(): Promise<void>;
  /** How often it has ended by itself. */
  crashes(): number;
  stop(): Promise<void>;
}

export async function startSoaked(whole: Pick<Whole, 'start' | 'dataDir'>): Promise<SoakedProduct> {
  const product = await supervise(() => whole.start());
  return {
    pid: () => product.running()?.pid,
    temporalPid: () => leftOverServer(whole.dataDir),
    async restart(signal) {
      await product.restart(signal);
    },
    async killTemporal() {
      const pid = await leftOverServer(whole.dataDir);
      if (pid === undefined) throw new Error('there is no Temporal server to kill');
      process.kill(pid, 'SIGKILL');
    },
    crashes: () => product.crashes(),
    async stop() {
      await product.stop();
      await endLeftOverServer(whole.dataDir);
    },
  };
}
