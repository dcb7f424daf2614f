import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The properties of the machine that affect the figures and don't identify it. */
export interface Machine {
  cores: number;
  node: string;
  /** The share of the cores that other programs used just before the run, 0 to 1. */
  busyBefore: number;
}

/** Measures the machine for a second. Call it before anything is started. */
export async function machine(): Promise<Machine> {
  const before = cpuTimes();
  await sleep(1_000);
  const after = cpuTimes();
  const busyBefore = (after.busy - before.busy) / (after.all - before.all);
  if (busyBefore > maxBusy)
    console.log(
      `NOTE: other programs use ${share(busyBefore)} of this machine; times will be too long and rates too low.`,
    );
  return { cores: availableParallelism(), node: process.version, busyBefore };
}

const maxBusy = 0.1;

/** Describes the machine in one line, for the text above a table. */
export function describeMachine({ cores, node, busyBefore }: Machine): string {
  return `${cores} cores, Node ${node}${busyBefore > maxBusy ? `, other programs took ${share(busyBefore)} of the machine` : ''}`;
}

const share = (value: number) => `${Math.round(value * 100)} %`;

function cpuTimes(): { all: number; busy: number } {
  let [all, idle] = [0, 0];
  for (const { times } of cpus()) {
    all += times.user + times.nice + times.sys + times.idle + times.irq;
    idle += times.idle;
  }
  return { all, busy: all - idle };
}
