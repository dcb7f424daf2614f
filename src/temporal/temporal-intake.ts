import { LRUCache } from 'lru-cache';
import { type Delivery, type Intake, NotAcceptedError } from '../api/intake.js';
import { before } from '../before.js';
import type { Log } from '../log.js';
import type { InboundMessage } from '../message.js';
import type { StartWorkflow } from './start-workflow.js';

export interface TemporalIntakeSettings {
  startWorkflow: StartWorkflow;
  log: Log;
  /** How long a delivery may take, in milliseconds. */
  deadlineMs?: number;
  /** How many starts run at once, over all deliveries. */
  concurrency?: number;
}

/** How many GUIDs are remembered as started, to let a delivery that comes again go on where it stopped. */
const rememberedGuids = 50_000;

/** The start of one GUID, under way or waiting for its turn. */
interface Start {
  done: Promise<void>;
  /** Whether the latest delivery that waits for it has given up. */
  isLate: () => boolean;
}

/** Accepts a delivery by starting its workflows and waiting for them: nothing is kept in this process. */
export function createTemporalIntake({ startWorkflow, log, deadlineMs = 1_500, concurrency = 20 }: TemporalIntakeSettings): Intake {
  const started = new LRUCache<string, true>({ max: rememberedGuids });
  const starting = new Map<string, Start>();
  let running = 0;
  const waiting: Array<() => void> = [];

  async function start(message: InboundMessage, wanted: Pick<Start, 'isLate'>): Promise<void> {
    if (started.has(message.guid)) return;
    await slot();
    try {
      if (wanted.isLate() || started.has(message.guid)) return;
      await startWorkflow(message);
      started.set(message.guid, true);
    } finally {
      running--;
      waiting.shift()?.();
    }
  }

  async function slot(): Promise<void> {
    while (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
  }

  /** The same GUID many times at once is started once, and all of them wait for it. */
  function startOnce(message: InboundMessage, isLate: () => boolean): Promise<void> {
    const current = starting.get(message.guid);
    if (current) {
      current.isLate = isLate;
      return current.done;
    }
    const wanted: Start = { done: Promise.resolve(), isLate };
    starting.set(message.guid, wanted);
    wanted.done = start(message, wanted).finally(() => starting.delete(message.guid));
    return wanted.done;
  }

  return {
    ready: () => undefined,
    async accept({ messages, rejected }: Delivery) {
      for (const { index, reason } of rejected) log.warn({ event: 'message.rejected', index, reason }, `Message ${index} of a delivery was rejected: ${reason}`);
      let late = false;
      const all = Promise.allSettled(messages.map((message) => startOnce(message, () => late)));
      const outcome = await before(deadlineMs, all);
      late = true;
      const missing = messages.filter(({ guid }) => !started.has(guid)).length;
      if (missing === 0) return;
      const failure = outcome?.find((result) => result.status === 'rejected');
      throw new NotAcceptedError(`${missing} of ${messages.length} message(s) could not be started in time`, { cause: failure?.reason });
    },
  };
}
