import { createHmac } from 'node:crypto';
import { type InboundMessage, plainNumber } from '../message.js';
import { UnreadableError } from '../keyring.js';
import type { PendingMessage } from './database.js';
import type { createGuids } from './guids.js';
import type { createQuarantine } from './quarantine.js';
import type { InboxFile } from './schema.js';
import type { Sheets } from './sheets.js';

/** Where the next step of an erasure begins. */
export interface ErasureCursor {
  table: 'pending' | 'quarantine' | 'ledger';
  after: number | string;
}

/** What one step of an erasure did, and what it met. */
export interface ErasureStep {
  /** GUIDs of messages from the number; they stay known, and their runs are the caller's to erase. */
  guids: string[];
  /** Rows that no longer wait to be forwarded. */
  seqs: number[];
  /** How many were let go from the quarantine. */
  quarantined: number;
  /** How many rows could not be looked at, for want of their key. */
  unreadable: number;
  next: ErasureCursor | undefined;
}

export const erasureStart: ErasureCursor = { table: 'pending', after: 0 };

/** Rows of one step: a few milliseconds, so that acknowledgements in between do not wait. */
const stepRows = { pending: 200, quarantine: 20, ledger: 2_000 };

/** Keyed, since there are few numbers: without the key every one could be tried. */
export function hashOfNumber(hashKey: Buffer, number: string): Buffer {
  return createHmac('sha256', hashKey).update(`number ${plainNumber(number)}`).digest().subarray(0, 16);
}

export interface ErasureParts {
  file: InboxFile;
  guids: ReturnType<typeof createGuids>;
  sheets: Sheets;
  quarantine: ReturnType<typeof createQuarantine>;
  /** The waiting rows after one, stuck ones included. */
  waiting: (afterSeq: number, limit: number) => PendingMessage[];
}

/** Erases what the inbox holds of a number, a few rows at a time; within a transaction of the caller. */
export function createErasure({ file: { db, hashKey }, guids, sheets, quarantine, waiting }: ErasureParts) {
  const ledger = db.prepare('SELECT guid, number_hash AS hash FROM ledger WHERE guid > ? ORDER BY guid LIMIT ?');
  const nothing = { guids: [], seqs: [], quarantined: 0, unreadable: 0 };
  const cursorAfter = (table: ErasureCursor['table'], rows: number, last: number | string | undefined, then: ErasureCursor | undefined) =>
    rows < stepRows[table] || last === undefined ? then : { table, after: last };

  function erasePending(number: string, after: number): ErasureStep {
    const rows = waiting(after, stepRows.pending);
    const readable = rows.filter(({ unreadable }) => unreadable === undefined);
    const found = readable.filter(({ message }) => plainNumber((JSON.parse(message) as InboundMessage).number) === plainNumber(number));
    for (const { seq, sheet, line } of found) {
      guids.settle(seq, number);
      if (sheet !== undefined && line !== undefined) sheets.blank({ sheet, line });
    }
    return {
      ...nothing,
      // The ledger, which is searched last, knows their GUIDs now.
      seqs: found.map(({ seq }) => seq),
      unreadable: rows.length - readable.length,
      next: cursorAfter('pending', rows.length, rows.at(-1)?.seq, { table: 'quarantine', after: 0 }),
    };
  }

  function eraseQuarantined(number: string, after: number): ErasureStep {
    const rows = quarantine.page(after, stepRows.quarantine);
    const step = { ...nothing, next: cursorAfter('quarantine', rows.length, rows.at(-1)?.id, { table: 'ledger', after: '' }) };
    for (const { id, read } of rows) {
      try {
        if (!mentions(read(), number)) continue;
        quarantine.release(id);
        step.quarantined++;
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        step.unreadable++;
      }
    }
    return step;
  }

  function findInLedger(number: string, after: string): ErasureStep {
    const wanted = hashOfNumber(hashKey, number);
    const rows = ledger.all(after, stepRows.ledger) as Array<{ guid: string; hash: Buffer | null }>;
    return {
      ...nothing,
      guids: rows.filter(({ hash }) => hash?.equals(wanted)).map(({ guid }) => guid),
      next: cursorAfter('ledger', rows.length, rows.at(-1)?.guid, undefined),
    };
  }

  return (number: string, { table, after }: ErasureCursor): ErasureStep => {
    if (table === 'pending') return erasePending(number, Number(after));
    if (table === 'quarantine') return eraseQuarantined(number, Number(after));
    return findInLedger(number, String(after));
  };
}

/** Whether bytes that nobody could read hold the number, in any of its notations; a longer number that contains it is another one. */
export function mentions(raw: Buffer, number: string): boolean {
  const wanted = plainNumber(number);
  const candidates = raw.toString().match(/\+?\p{N}[\p{N} ().\-/]*\p{N}|[\p{L}\p{N}]+/gu) ?? [];
  return candidates.some((candidate) => plainNumber(candidate) === wanted);
}
