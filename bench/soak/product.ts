import { setTimeout as sleep } from 'node:timers/promises';
import { leftOverServer } from '../../test/helpers/product.js';
import { endLeftOverServer } from '../servers/folder.js';
import type { Whole } from '../servers/answerback.js';
import type { Program } from '../servers/program.js';

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
  /** How often it ended although nobody ended it. */
  crashes(): number;
  stop(): Promise<void>;
}

export async function startSoaked(whole: Whole): Promise<SoakedProduct> {
  let program: Program | undefined = await whole.start();
  let crashes = 0;
  let stopping = false;
  let starting = Promise.resolve();

  const supervising = (async () => {
    while (!stopping) {
      await sleep(200);
      if (program?.exitCode() === undefined) continue;
      crashes++;
      program = undefined;
      starting = whole.start().then((started) => void (program = started), (error: unknown) => console.error(error));
      await starting;
    }
  })();

  return {
    pid: () => (program?.exitCode() === undefined ? program?.pid : undefined),
    temporalPid: () => leftOverServer(whole.dataDir),
    async restart(signal) {
      await starting;
      const old = program;
      program = undefined;
      await old?.stop(signal);
      program = await whole.start();
    },
    async killTemporal() {
      const pid = await leftOverServer(whole.dataDir);
      if (pid === undefined) throw new Error('there is no Temporal server to kill');
      process.kill(pid, 'SIGKILL');
    },
    crashes: () => crashes,
    async stop() {
      stopping = true;
      await supervising;
      await program?.stop();
      await endLeftOverServer(whole.dataDir);
    },
  };
}
