import { Gauge, type Registry } from 'prom-client';
import type { Hanging, TaskQueueState } from '../temporal/hanging.js';
import { type AskOptions, askSeldom } from './ask-seldom.js';

/** Adds gauges of what hangs in Temporal: task queues without a poller, and runs that are too old. */
export function exportHanging(
  registry: Registry,
  lookForHanging: (withinMs: number) => Promise<Hanging>,
  { keepMs = 60_000, withinMs = 5_000 }: Partial<AskOptions> = {},
): void {
  const look = askSeldom(lookForHanging, { keepMs, withinMs });

  const ofEachQueue = (name: string, help: string, value: (queue: TaskQueueState) => number | undefined) =>
    new Gauge({
      name: `answerback_task_queue_${name}`,
      help,
      labelNames: ['task_queue'],
      registers: [registry],
      async collect() {
        const hanging = await look();
        this.reset();
        for (const queue of hanging?.queues ?? []) {
          const now = value(queue);
          if (now !== undefined) this.set({ task_queue: queue.name }, now);
        }
      },
    });
  ofEachQueue(
    'backlog',
    'Tasks that wait in the task queue, as Temporal estimates; absent while it gives no number.',
    ({ waiting }) => waiting?.tasks,
  );
  ofEachQueue(
    'pollers',
    'Pollers of the task queue within the last 5 minutes; absent while Temporal does not name them.',
    ({ pollers }) => pollers,
  );
  new Gauge({
    name: 'answerback_runs_overdue',
    help:
      'Open runs that are older than REPLY_RETRY_FOR and neither parked nor waiting for their turn; ' +
      'absent while Temporal does not count them.',
    registers: [registry],
    async collect() {
      const overdue = (await look())?.overdue;
      if (overdue === undefined) this.remove();
      else this.set(overdue);
    },
  });
}
