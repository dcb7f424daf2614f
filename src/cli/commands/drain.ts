import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config.js';
import { drainOf } from '../../control/control.js';
import type { DrainState } from '../../control/drain.js';
import { OperatorError, UsageError } from '../../process.js';
import { durationMs } from '../../variables.js';
import type { Context } from '../context.js';
import { createProgress } from '../progress.js';
import type { DrainOptions } from '../options.js';

const lookEveryMs = 250;

/** `answerback drain`: the api stays drained when this ends, until it is stopped or `--undo`. */
export async function drain({ within, quiet, undo = false }: DrainOptions, { env, streams, output }: Context): Promise<void> {
  const withinMs = duration('--within', within);
  const quietForMs = duration('--quiet', quiet);
  const { dataDir, ackAfter } = loadConfig(env);
  if (ackAfter === 'temporal') throw new OperatorError('With ACK_AFTER=temporal there is no inbox to drain: stop the api');
  const api = drainOf(dataDir);
  if (undo) return output.print(documentOf(await api.end()), 'Draining has ended: the api asks for texts again');

  const state = await waitUntilEmpty(api, await api.begin(), { withinMs, quietForMs, stream: streams.err });
  if (!isEmpty(state, quietForMs)) {
    if (output.json) output.print(documentOf(state), '');
    throw new OperatorError(whatToDo(state, quietForMs));
  }
  output.print(documentOf(state), 'Drained: nothing waits in the inbox, and nothing comes any more. Stop the api; then its DATA_DIR may go');
  if (state.quarantined > 0) output.say(`${state.quarantined} entry(ies) of the quarantine go with it: "answerback quarantine list" shows them`);
}

function duration(option: string, value: string): number {
  const parsed = durationMs.safeParse(value).data;
  if (parsed === undefined) throw new UsageError(`${option} takes a number with s, m, h or d, such as 10m`);
  return parsed;
}

const isEmpty = ({ depth, quietMs }: DrainState, quietForMs: number) => depth === 0 && quietMs >= quietForMs;

/** Nothing but stuck ones: those do not go by waiting. */
const isOnlyStuck = ({ depth, stuck }: DrainState) => stuck > 0 && depth === stuck;

async function waitUntilEmpty(api: ReturnType<typeof drainOf>, first: DrainState, { withinMs, quietForMs, stream }: { withinMs: number; quietForMs: number; stream: NodeJS.WriteStream }): Promise<DrainState> {
  const deadline = performance.now() + withinMs;
  const progress = createProgress(stream, 'Draining', first.depth > 0 ? first.depth : undefined);
  let state = first;
  let fewest = first.depth;
  try {
    while (!isEmpty(state, quietForMs) && !isOnlyStuck(state) && performance.now() < deadline) {
      await sleep(lookEveryMs);
      state = await api.state();
      progress.now(`${state.depth} wait, quiet for ${Math.round(state.quietMs / 1_000)} s`);
      for (; fewest > state.depth; fewest--) progress.step();
    }
  } finally {
    progress.end();
  }
  return state;
}

function documentOf({ draining, depth, stuck, quarantined, temporalAway }: DrainState) {
  return { draining, depth, stuck, quarantined, temporalAway };
}

function whatToDo({ depth, stuck, quietMs, temporalAway }: DrainState, quietForMs: number): string {
  if (depth === 0) {
    const quiet = `for ${Math.round(quietMs / 1_000)} s instead of ${quietForMs / 1_000} s`;
    return `Nothing waits in the inbox, but it has been quiet only ${quiet}: take the api out of the load balancer, then run this again`;
  }
  const waiting = `${depth} text(s) still wait in the inbox`;
  if (temporalAway) return `${waiting}, since Temporal does not answer the api: when it is back, run this again, and keep DATA_DIR until then`;
  if (stuck > 0) {
    return `${waiting}, of which ${stuck} are stuck: keep DATA_DIR, look for message.stuck and message.unreadable in the log of the api, mend what it says, then run this again; stuck texts are tried again within the hour`;
  }
  return `${waiting}: run this again to go on waiting, and keep DATA_DIR until then`;
}
