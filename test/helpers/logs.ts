import pino from 'pino';
import type { Log } from '../../src/log/log.js';

/** Warnings and errors on the console. */
export const consoleLog: Log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));

export const silentLog: Log = pino({ level: 'silent' });

/** A log whose events can be looked at. */
export function recordingLog(): {
  log: Log;
  events: Array<Record<string, unknown> & { event?: string; msg?: string }>;
} {
  const events: Array<Record<string, unknown>> = [];
  const log = pino(
    { level: 'trace' },
    { write: (line: string) => void events.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, events };
}
