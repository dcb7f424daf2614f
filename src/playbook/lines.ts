import type { InboundMessage } from '../domain/message.js';
import type { SenderOf } from '../domain/sender.js';

/** What tells which line received a message. */
export type ReceivedBy = Pick<InboundMessage, 'to' | 'line' | 'gateway'>;

/** The lines that each playbook file serves. */
export interface Lines {
  /**
   * Notes that a file serves a line.
   *
   * @param line as the file writes it; undefined: all lines that no file names
   * @returns the file that serves it already; undefined: none did
   */
  claim(line: string | undefined, file: string): string | undefined;
  /** Returns the file that serves the line of a message; undefined: none. */
  fileFor(message: ReceivedBy): string | undefined;
}

/**
 * Creates the record of who serves what, without any line yet.
 *
 * @param senderOf makes all notations of a number equal; names stay as they are
 */
export function createLines(senderOf: SenderOf): Lines {
  const fileOf = new Map<string, string>();
  let fileOfOthers: string | undefined;
  return {
    claim(line, file) {
      if (line === undefined) {
        const other = fileOfOthers;
        fileOfOthers ??= file;
        return other;
      }
      const name = senderOf(line);
      const other = fileOf.get(name);
      if (other === undefined) fileOf.set(name, file);
      return other;
    },
    fileFor(message) {
      if (fileOf.size === 0) return fileOfOthers;
      const named = namesOf(message).find((name) => fileOf.has(senderOf(name)));
      return named === undefined ? fileOfOthers : fileOf.get(senderOf(named));
    },
  };
}

/** The names of a line, the most exact first: its number, its SIM or phone, the phone of its SIM, its gateway. */
function namesOf({ to, line, gateway }: ReceivedBy): string[] {
  return [to, line, line?.split('/')[0], gateway].filter((name) => name !== undefined);
}
