import { startProgram } from '../kit/program.js';
import { supervise, type Supervised } from '../kit/supervised.js';

/** A server that ends more often than this has a wrong configuration. */
const maxRestarts = 5;

/**
 * A Temporal server with the `cluster.yaml` of a folder; started again whenever it ends, as docker compose and
 * Kubernetes do.
 */
export function superviseServer(program: string, folder: string): Promise<Supervised> {
  return supervise(
    () => startProgram(program, ['--root', folder, '--config', '.', '--env', 'cluster', 'start'], {}, { cwd: folder }),
    {
      restartAfterMs: 500,
      maxCrashes: maxRestarts,
      onCrash: ({ output }, exitCode) =>
        console.log(`the Temporal server ended with ${exitCode}; it printed at last:\n${reason(output())}`),
    },
  );
}

/** Its last line, without the stack. */
function reason(output: string): string {
  return (output.trim().split('\n').at(-1) ?? '').replace(/,"logging-call-at.*$/, '');
}
