import { type ChildProgram, startProgram } from '../test/helpers/product.js';

export interface SupervisedServer {
  /** How often it had ended and was started again. */
  restarts: () => number;
  stop(): Promise<void>;
}

const restartAfterMs = 500;

/** One that ends more often than this has a wrong configuration. */
const mostRestarts = 5;

/** A Temporal server with the `cluster.yaml` of a folder; started again whenever it ends, as docker compose and Kubernetes do. */
export function superviseServer(program: string, folder: string): SupervisedServer {
  let restarts = 0;
  let stopping = false;
  let running = start();

  function start(): ChildProgram {
    const started = startProgram(program, ['--root', folder, '--config', '.', '--env', 'cluster', 'start'], {}, { cwd: folder });
    void started.exitCode.then((exitCode) => {
      if (stopping) return;
      console.log(`the Temporal server ended with ${exitCode}; it printed at last:\n${reason(started.output())}`);
      if (restarts++ < mostRestarts) setTimeout(() => stopping || (running = start()), restartAfterMs);
    });
    return started;
  }

  return {
    restarts: () => restarts,
    async stop() {
      stopping = true;
      if (running.child.exitCode !== null) return;
      running.child.kill('SIGTERM');
      await running.exitCode;
    },
  };
}

/** Its last line, without the stack. */
function reason(output: string): string {
  return (output.trim().split('\n').at(-1) ?? '').replace(/,"logging-call-at.*$/, '');
}
