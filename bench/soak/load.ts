import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/kit/eventually.js';
import type { LoadCommand, LoadOrder, LoadReport } from './load/messages.js';

export interface Load {
  /** Tells the process of a reply, or begins a storm or loops. */
  tell(command: Exclude<LoadCommand, 'stop'>): void;
  /** Stops new posts and waits up to a minute for the responses to open ones. Returns how many got none. */
  stop(): Promise<number>;
  end(): Promise<void>;
}

/** Starts the process that posts texts. */
export function startLoad(order: LoadOrder, onReport: (report: LoadReport) => void): Load {
  const child = fork(fileURLToPath(new URL('load/main.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const exit = once(child, 'exit');
  let reports = 0;
  let open = 0;
  child.on('message', (report: LoadReport) => {
    reports++;
    open = report.open;
    onReport(report);
  });
  child.send(order);
  return {
    tell(command) {
      if (child.connected) child.send(command);
    },
    async stop() {
      child.send('stop');
      const before = reports;
      // Only the second report from now includes everything that was sent before the stop.
      await eventually(() => reports > before + 1 && open === 0, { withinMs: 60_000 }).catch(() => undefined);
      return open;
    },
    async end() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
