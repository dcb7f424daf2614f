import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export interface LogSettings {
  level: string;
  /** Whether stdout is one. */
  terminal: boolean;
  /** Default: text on a terminal, JSON elsewhere. */
  format?: 'text' | 'json' | undefined;
  stream?: 'stdout' | 'stderr';
}

/**
 * One event a line: for people on a terminal, JSON elsewhere. Callers pass numbers through `maskNumber`, and texts not at all.
 * JSON is written in the background; pino writes the rest at the exit. A command's log goes to stderr, beside its data.
 */
export function createLog({ level, terminal, format = terminal ? 'text' : 'json', stream = 'stdout' }: LogSettings): Log {
  const base = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  if (format === 'json') return pino(base, through(pino.destination({ dest: stream === 'stdout' ? 1 : 2, sync: false, minLength: 4096, periodicFlush: 200 }), harmless));
  return pino(base, through(pretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', ignore: 'event,guid' }), harmlessShown));
}

function through(destination: DestinationStream, change: (line: string) => string): DestinationStream {
  return { write: (line) => destination.write(change(line)) };
}

/** What could break a line or command a terminal, and pino lets through: controls, separators, marks of direction, half characters. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu;

/** Writes a line of JSON in characters that do nothing; it says the same. */
export function harmless(line: string): string {
  return line.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for a line whose texts are shown as they are: what is escaped in it stays escaped. */
export function harmlessShown(line: string): string {
  return harmless(line).replace(/\\\\|\\u[0-9a-f]{4}|\\[nrtbf]/g, (escape) => (escape === '\\\\' ? escape : `\\${escape}`));
}

/**
 * `+123456789` becomes `+1******89`: two characters at each end of a long number stay, one of a short one.
 * A character that a terminal could take for a command is masked wherever it stands.
 */
export function maskNumber(number: string): string {
  const characters = Array.from(number);
  const kept = characters.length >= 8 ? 2 : 0;
  return characters
    .map((character, index) => {
      const shown = index < Math.max(kept, characters.length > 3 ? 1 : 0) || index >= characters.length - kept;
      return shown && /[+0-9A-Za-z]/.test(character) ? character : '*';
    })
    .join('');
}
