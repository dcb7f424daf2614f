import type Database from 'better-sqlite3';
import { UnreadableError } from '../keyring.js';
import type { OnSheet, Sheets } from './sheets.js';

/** A message that waits to be forwarded. */
export interface PendingMessage extends Partial<OnSheet> {
  seq: number;
  /** JSON of the message. */
  message: string;
  /** Why it cannot be read; then the message is empty. */
  unreadable?: string;
}

interface Row {
  seq: number;
  message: string;
  sheet: number | null;
  line: number | null;
}

/** Reads the messages that wait, the oldest first. */
export function createWaiting(db: Database.Database, sheets: Sheets, now: () => number) {
  const select = (where: string) => db.prepare(`SELECT seq, message, sheet, line FROM pending WHERE ${where} LIMIT ?`);
  const sql = {
    notStuck: select('seq > ? AND retry_at IS NULL ORDER BY seq'),
    stuck: select('retry_at <= ? ORDER BY retry_at'),
    all: select('seq > ? ORDER BY seq'),
  };

  /** Opens each sheet once, however many of the rows are on it. */
  function opened(rows: unknown[]): PendingMessage[] {
    const read = new Map<number, string[] | UnreadableError>();
    return (rows as Row[]).map(({ seq, message, sheet, line }) => {
      if (sheet === null || line === null) return { seq, message };
      const lines = read.get(sheet) ?? readSheet(sheet);
      read.set(sheet, lines);
      return lines instanceof UnreadableError ? { seq, message: '', unreadable: lines.message } : { seq, message: lines[line] ?? '', sheet, line };
    });
  }

  function readSheet(sheet: number): string[] | UnreadableError {
    try {
      return sheets.read(sheet);
    } catch (error) {
      if (error instanceof UnreadableError) return error;
      throw error;
    }
  }

  return {
    notStuck: (afterSeq: number, limit: number) => opened(sql.notStuck.all(afterSeq, limit)),
    /** The stuck ones whose time has come. */
    stuck: (limit: number) => opened(sql.stuck.all(now(), limit)),
    all: (afterSeq: number, limit: number) => opened(sql.all.all(afterSeq, limit)),
  };
}

export type Waiting = ReturnType<typeof createWaiting>;
