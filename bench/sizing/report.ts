import { describeMachine, type Machine } from '../report/machine.js';
import { ms, table } from '../report/table.js';

/** The cost of one message in a part, and the part's memory. */
export interface Cost {
  processorMs: number;
  memoryMiB: number;
  maxMemoryMiB: number;
  /** The growth of its database; absent for a part without a database. */
  diskBytes?: number;
}

export function sizingReport(
  run: Machine & { messages: number; perSecond: number },
  costs: Record<'api' | 'worker' | 'temporal', Cost>,
): string {
  const names = { api: 'api', worker: 'worker', temporal: 'embedded Temporal server' };
  const rows = (Object.keys(names) as Array<keyof typeof names>).map((part) => {
    const { processorMs, memoryMiB, maxMemoryMiB, diskBytes } = costs[part];
    return [
      names[part],
      ms(processorMs),
      memoryMiB.toFixed(0),
      maxMemoryMiB.toFixed(0),
      diskBytes === undefined ? '' : Math.round(diskBytes).toLocaleString('en'),
    ];
  });
  return [
    `${describeMachine(run)}. ${run.messages} messages at ${run.perSecond} a second, each with its reply.`,
    '',
    table(['', 'processor time a message, ms', 'memory at the end, MiB', 'at most', 'disk a message, bytes'], rows),
  ].join('\n');
}
