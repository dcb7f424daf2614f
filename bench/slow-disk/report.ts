import type { Measurement } from '../client/load.js';
import { describeMachine, type Machine } from '../report/machine.js';
import { ms, table, verdict } from '../report/table.js';
import type { Sampled } from './sampler.js';

export interface SlowDiskRun extends Machine {
  minutes: number;
  perSecond: number;
  /** Whether an embedded Temporal server took the messages meanwhile. */
  temporal: boolean;
  /** What the disk allows, as set and as measured before the run, and the delay of each sync. */
  disk: { operationsPerSecond: number; measuredPerSecond: number; syncMs: number };
}

/** Unbounded, the log would grow by gigabytes in a run of 15 minutes. */
const limits = { p99Ms: 30, logMiB: 128 };

export interface MeasuredOnSlowDisk {
  acknowledged: Measurement;
  /** The same load for half a minute on the machine's own disk: what the load and the machine cost alone. */
  onUsualDisk: Measurement;
  sampled: Sampled;
}

export function slowDiskReport(run: SlowDiskRun, { acknowledged, onUsualDisk, sampled }: MeasuredOnSlowDisk): string {
  const { disk } = run;
  const { p99, failures } = acknowledged;
  const [logMiB, inboxMiB] = [sampled.maxLogBytes / 1_048_576, sampled.inboxBytes / 1_048_576];
  const time = (name: string, of: 'p50' | 'p99' | 'max') => [
    `acknowledgement, ${name}`,
    `${ms(acknowledged[of])} ms`,
    `${ms(onUsualDisk[of])} ms`,
  ];
  const failed = ({ failures, requests }: Measurement) => `${failures} of ${requests.toLocaleString('en')}`;
  return [
    `${describeMachine(run)}. ${run.perSecond} messages a second for ${run.minutes} min, one a request. Temporal ` +
      `${run.temporal ? 'runs on another disk' : "can't be reached"}. The disk allows ` +
      `${disk.operationsPerSecond.toLocaleString('en')} operations a second ` +
      `(measured: ${Math.round(disk.measuredPerSecond).toLocaleString('en')} writes) and ${disk.syncMs} ms more a sync.`,
    '',
    table(
      ['', 'slow disk', 'usual disk', 'target', ''],
      [
        ['responses other than 200', failed(acknowledged), failed(onUsualDisk), '0', verdict(failures === 0)],
        [...time('p50', 'p50'), '', ''],
        [...time('p99', 'p99'), `< ${limits.p99Ms} ms`, verdict(p99 < limits.p99Ms)],
        [...time('longest', 'max'), '', ''],
        [
          'write-ahead log, at most',
          `${logMiB.toFixed(0)} MiB`,
          '',
          `< ${limits.logMiB} MiB`,
          verdict(logMiB < limits.logMiB),
        ],
        ['inbox at the end', `${inboxMiB.toFixed(0)} MiB`, '', '', ''],
        [
          'operations of the disk a second, mean and at most',
          `${sampled.operationsPerSecond.toFixed(0)}, ${sampled.maxOperationsPerSecond.toFixed(0)}`,
          '',
          '',
          '',
        ],
        ['memory of the api at the end', `${sampled.memoryMiB.toFixed(0)} MiB`, '', '', ''],
      ],
    ),
  ].join('\n');
}
