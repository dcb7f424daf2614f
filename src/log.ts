import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/**
 * One event a line: for people on a terminal, JSON elsewhere. Callers pass numbers through `maskNumber`, and texts not at all.
 * JSON is written in the background; pino writes the rest at the exit.
 */
export function createLog({ level, terminal }: { level: string; terminal: boolean }): Log {
  const base = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  if (!terminal) return pino(base, pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 200 }));
  return pino(base, pretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', ignore: 'event,guid' }));
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
