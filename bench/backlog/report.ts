import { describeMachine, type Machine } from '../report/machine.js';
import { ms, rate, table, verdict } from '../report/table.js';
import type { ComparedAcknowledgement } from './acknowledgement.js';
import type { Drained } from './drain.js';

export interface MeasuredBacklog {
  messages: number;
  /** The rate at which the backlog was posted, in messages a second. */
  postedPerSecond: number;
  inboxBytes: number;
  /** Seconds until ready of each restart. */
  restarts: number[];
  acknowledgement: ComparedAcknowledgement;
  drained: Drained;
}

const limits = { readySeconds: 10, memoryMiB: 300, acknowledgement: 1.5, drain: 0.9 };

export function backlogReport(run: Machine, measured: MeasuredBacklog): string {
  const { messages, acknowledgement, drained, restarts } = measured;
  const starts = [...restarts, ...drained.readySeconds];
  const ready = Math.max(...starts);
  const hasEnded = drained.started >= messages;
  return [
    `${describeMachine(run)}. ${messages.toLocaleString('en')} messages wait, posted 1,000 a request at ` +
      `${rate(measured.postedPerSecond)}; the inbox has ${mebibytes(measured.inboxBytes)} MiB on disk. The drain took ` +
      `${drained.started.toLocaleString('en')} of them.`,
    '',
    table(
      ['', 'measured', 'compared with', 'ratio', 'target', ''],
      [
        [
          `restart until /readyz, longest of ${starts.length}`,
          `${ms(ready)} s`,
          '',
          '',
          `< ${limits.readySeconds} s`,
          verdict(ready < limits.readySeconds),
        ],
        [
          'memory of the api while it drains, at most',
          `${drained.maxMemoryMiB.toFixed(0)} MiB`,
          '',
          '',
          `< ${limits.memoryMiB} MiB`,
          verdict(drained.maxMemoryMiB < limits.memoryMiB),
        ],
        [
          'acknowledgement of one message, p50 ms',
          ms(acknowledgement.backlogMs),
          `an empty inbox: ${ms(acknowledgement.emptyMs)}`,
          acknowledgement.ratio.toFixed(2),
          `< ${limits.acknowledgement}`,
          verdict(acknowledgement.ratio < limits.acknowledgement),
        ],
        [
          'drain, workflow starts a second',
          drained.perSecond.toFixed(0),
          `a bare client: ${drained.barePerSecond.toFixed(0)}`,
          drained.ratio.toFixed(2),
          `≥ ${limits.drain}`,
          verdict(drained.ratio >= limits.drain),
        ],
      ],
    ),
    ...(hasEnded ? ['', 'The backlog ended before the drain did: its rate is too low here.'] : []),
  ].join('\n');
}

const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576).toLocaleString('en');
