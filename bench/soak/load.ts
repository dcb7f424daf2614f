import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/helpers/eventually.js';
import type { LoadOrder, LoadReport } from './load/messages.js';

export interface Load {
  /** Sends nothing new, and waits until all that is under way was answered, up to a minute. Returns how many were not. */
  stop(): Promise<number>;
  end(): Promise<void>;
}

/** Starts the process that posts texts. */
export function startLoad(order: LoadOrder, onReport: (report: LoadReport) => void): Load {
  const child = fork(fileURLToPath(new URL('load/main.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const exit = once(child, 'exit');
  let reports = 0;
  let underWay = 0;
  child.on('message', (report: LoadReport) => {
    reports++;
    underWay = report.underWay;
    onReport(report);
  });
  child.send(order);
  return {
    async stop() {
      child.send('stop');
      const before = reports;
      // The report after the next has all that was sent before the stop.
      await eventually(() => reports > before + 1 && underWay === 0, { withinMs: 60_000 }).catch(() => undefined);
      return underWay;
    },
    async end() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
