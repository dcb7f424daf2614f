import pino, { type DestinationStream } from 'pino';
import pretty from 'pino-pretty';
import { harmless, harmlessShown } from './escape.js';
import type { LogEvent } from './events.js';

type Write<Level extends 'debug' | 'info' | 'warn' | 'error'> = (
  fields: { event: LogEvent<Level> } & Record<string, unknown>,
  message: string,
) => void;

/** Writes events of `logEvents`. Each method takes only events of its level. */
export interface Log {
  debug: Write<'debug'>;
  info: Write<'info'>;
  warn: Write<'warn'>;
  error: Write<'error'>;
}

export interface LogOptions {
  level: string;
  /** Whether stdout is a terminal. */
  terminal: boolean;
  /** Undefined: text on a terminal, JSON elsewhere. */
  format?: 'text' | 'json' | undefined;
  stream?: 'stdout' | 'stderr';
}

/**
 * Creates a log with one line per event: text on a terminal, JSON elsewhere. JSON is written in the background; pino
 * flushes it at exit. Commands log to stderr, because stdout is for their data. Callers must mask numbers with
 * `maskNumber` and must not pass texts of messages.
 */
export function createLog({
  level,
  terminal,
  format = terminal ? 'text' : 'json',
  stream = 'stdout',
}: LogOptions): Log {
  const base = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (format === 'json')
    return pino(
      base,
      transformed(
        pino.destination({ dest: stream === 'stdout' ? 1 : 2, sync: false, minLength: 4096, periodicFlush: 200 }),
        harmless,
      ),
    );
  return pino(
    base,
    transformed(
      pretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', ignore: 'event,guid' }),
      harmlessShown,
    ),
  );
}

function transformed(destination: DestinationStream, transform: (line: string) => string): DestinationStream {
  return { write: (line) => destination.write(transform(line)) };
}
