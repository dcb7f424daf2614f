import { setTimeout as sleep } from 'node:timers/promises';
import type { SimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { ConversationJournal } from './conversations/journal.js';
import type { Load } from './load.js';
import type { Operator } from './operator.js';
import type { SoakedProduct } from './product.js';
import type { Incident } from './schedule.js';

/** An incident that happened, for the marks of the chart. Times are in milliseconds since the start. */
export interface Event {
  what:
    | 'product stopped'
    | 'product killed'
    | 'Temporal killed'
    | 'gateway fails'
    | 'released'
    | 'storm'
    | 'loops'
    | 'loops resumed';
  fromMs: number;
  untilMs: number;
  /** How the gateway failed, or how many replies were released, senders wrote, or machines began a loop. */
  detail?: string;
}

export interface Played {
  events: Event[];
  /** The incidents that failed to happen, and why. */
  failures: string[];
}

export interface Stage {
  product: SoakedProduct;
  gateway: Pick<SimulatedGateway, 'script'>;
  operator: Operator;
  load: Pick<Load, 'tell'>;
  conversations: Pick<ConversationJournal, 'machines' | 'loopResumed'>;
  startedAt: number;
}

/** More requests than a failure of the gateway can get: the failure lasts until the script is cleared. */
const maxFailedSends = 10_000;

/**
 * Runs the incidents at their scheduled times, until the last one or the signal. A slow incident doesn't delay others.
 */
export async function play(incidents: readonly Incident[], stage: Stage, signal: AbortSignal): Promise<Played> {
  const events: Event[] = [];
  const failures: string[] = [];
  const running: Promise<void>[] = [];
  for (const incident of incidents) {
    await sleep(Math.max(0, stage.startedAt + incident.atMs - Date.now()), undefined, { signal }).catch(
      () => undefined,
    );
    if (signal.aborted) break;
    running.push(
      act(incident, stage, signal).then(
        (event) => void events.push(event),
        (error: unknown) => void failures.push(`${incident.kind}: ${(error as Error).message}`),
      ),
    );
  }
  await Promise.all(running);
  stage.gateway.script([]);
  return { events: events.sort((a, b) => a.fromMs - b.fromMs), failures };
}

async function act(incident: Incident, stage: Stage, signal: AbortSignal): Promise<Event> {
  const { product, gateway, startedAt } = stage;
  const fromMs = Date.now() - startedAt;
  const done = (event: Pick<Event, 'what' | 'detail'>) => ({ ...event, fromMs, untilMs: Date.now() - startedAt });
  switch (incident.kind) {
    case 'product':
      await product.restart(incident.signal);
      return done({ what: incident.signal === 'SIGKILL' ? 'product killed' : 'product stopped' });
    case 'temporal':
      await product.killTemporal();
      return done({ what: 'Temporal killed' });
    case 'gateway':
      gateway.script([{ ...incident.step, times: maxFailedSends }]);
      await sleep(incident.untilMs - incident.atMs, undefined, { signal }).catch(() => undefined);
      gateway.script([]);
      return done({ what: 'gateway fails', detail: incident.name });
    case 'release':
      return done({ what: 'released', detail: String(await stage.operator.release()) });
    case 'storm':
      stage.load.tell(incident);
      return done({ what: 'storm', detail: String(incident.senders) });
    case 'loops':
      stage.load.tell(incident);
      return done({ what: 'loops', detail: String(incident.machines) });
    case 'resume':
      return done({ what: 'loops resumed', detail: String(await resumeLoops(stage)) });
  }
}

/** Ends the pauses of machines, and lets them write again. Returns how many were paused. */
async function resumeLoops({ operator, load, conversations }: Stage): Promise<number> {
  let resumed = 0;
  for (const number of conversations.machines()) {
    if (!(await operator.resume(number))) continue;
    resumed++;
    conversations.loopResumed(number);
    load.tell({ kind: 'loop-again', number });
  }
  return resumed;
}
