import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/config.js';
import { drainOf } from '../../control/control.js';
import type { DrainState } from '../../control/drain.js';
import { OperatorError, UsageError } from '../../process/errors.js';
import { durationMs } from '../../variables/kinds.js';
import type { Context } from '../context.js';
import { createProgress } from '../../process/progress.js';
import type { DrainOptions } from '../options.js';

const pollEveryMs = 250;

/** `answerback drain`: drains the api. The api stays drained until it is stopped, or until `drain --undo`. */
export async function drain(
  { within, quiet, undo = false }: DrainOptions,
  { env, streams, output }: Context,
): Promise<void> {
  const withinMs = duration('--within', within);
  const quietForMs = duration('--quiet', quiet);
  const { dataDir, hasInbox } = loadConfig(env);
  if (!hasInbox)
    throw new OperatorError('With ACK_AFTER=temporal and without DATA_DIR there is no inbox to drain: stop the api');
  const api = drainOf(dataDir);
  if (undo) return output.print(documentOf(await api.end()), 'Draining has ended: the api is ready for posts again');

  const state = await waitUntilEmpty(api, await api.begin(), { withinMs, quietForMs, stream: streams.err });
  if (!isEmpty(state, quietForMs)) {
    if (output.json) output.print(documentOf(state), '');
    throw new OperatorError(whatToDo(state, quietForMs));
  }
  output.print(
    documentOf(state),
    'Drained: the inbox is empty and no posts arrive. Stop the api, then you can delete its DATA_DIR',
  );
  if (state.quarantined > 0)
    output.say(
      `DATA_DIR still holds ${state.quarantined} quarantine entry(ies): ` +
        'see them with "answerback quarantine list" before you delete it',
    );
}

function duration(option: string, value: string): number {
  const parsed = durationMs.safeParse(value).data;
  if (parsed === undefined) throw new UsageError(`${option} must be a number with s, m, h or d, such as 10m`);
  return parsed;
}

const isEmpty = ({ depth, quietMs }: DrainState, quietForMs: number) => depth === 0 && quietMs >= quietForMs;

/** Only stuck messages are left. Waiting does not help them. */
const isOnlyStuck = ({ depth, stuck }: DrainState) => stuck > 0 && depth === stuck;

async function waitUntilEmpty(
  api: ReturnType<typeof drainOf>,
  first: DrainState,
  { withinMs, quietForMs, stream }: { withinMs: number; quietForMs: number; stream: NodeJS.WriteStream },
): Promise<DrainState> {
  const deadline = performance.now() + withinMs;
  const progress = createProgress(stream, 'Draining', first.depth > 0 ? first.depth : undefined);
  let state = first;
  let lowestDepth = first.depth;
  try {
    while (!isEmpty(state, quietForMs) && !isOnlyStuck(state) && performance.now() < deadline) {
      await sleep(pollEveryMs);
      state = await api.state();
      progress.now(`${state.depth} waiting, no posts for ${Math.round(state.quietMs / 1_000)} s`);
      for (; lowestDepth > state.depth; lowestDepth--) progress.step();
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
    const [quietSeconds, requiredSeconds] = [Math.round(quietMs / 1_000), quietForMs / 1_000];
    return (
      `The inbox is empty, but the last post came ${quietSeconds} s ago, not ${requiredSeconds} s: ` +
      'take the api out of the load balancer, then run this again'
    );
  }
  const waiting = `${depth} message(s) still wait in the inbox`;
  if (temporalAway)
    return `${waiting}, because the api can't reach Temporal: keep DATA_DIR, and run this again when Temporal is back`;
  if (stuck > 0) {
    return (
      `${waiting}, and ${stuck} of them are stuck: ` +
      'keep DATA_DIR, see with "answerback retry-stuck" why, fix the cause, then run this again'
    );
  }
  return `${waiting}: keep DATA_DIR, and run this again to wait longer`;
}
