import { type InboundMessage, plainNumber } from '../message.js';
import { UnreadableError } from '../keyring.js';
import type { createGuids } from './guids.js';
import { hashOfNumber } from './hashes.js';
import type { createQuarantine } from './quarantine.js';
import type { InboxFile } from './schema.js';
import type { Sheets } from './sheets.js';
import type { Waiting } from './waiting.js';

/** Where the next step of an erasure begins. */
export interface ErasureCursor {
  table: 'pending' | 'quarantine' | 'ledger';
  after: number | string;
}

/** What an erasure did, and what it met. */
export interface Erased {
  /** GUIDs of messages from the number; they stay known, and their runs are the caller's to erase. */
  guids: string[];
  /** Rows that no longer wait to be forwarded. */
  seqs: number[];
  /** How many were let go from the quarantine. */
  quarantined: number;
  /** How many rows could not be looked at, for want of their key. */
  unreadable: number;
  /** GUIDs from before the ledger knew of numbers: whose they are only their runs can tell. */
  unattributed: number;
}

/** A few rows of it. */
export interface ErasureStep extends Erased {
  next: ErasureCursor | undefined;
}

/** An erasure from its first step to its last. */
export async function eraseAll(take: (cursor: ErasureCursor) => Promise<ErasureStep>): Promise<Erased> {
  const erased = nothing();
  for (let cursor: ErasureCursor | undefined = erasureStart; cursor; ) {
    const { next, ...step } = await take(cursor);
    erased.guids.push(...step.guids);
    erased.seqs.push(...step.seqs);
    for (const count of ['quarantined', 'unreadable', 'unattributed'] as const) erased[count] += step[count];
    cursor = next;
  }
  return erased;
}

const nothing = (): Erased => ({ guids: [], seqs: [], quarantined: 0, unreadable: 0, unattributed: 0 });

const erasureStart: ErasureCursor = { table: 'pending', after: 0 };

/** Rows of one step: some milliseconds, so that acknowledgements in between do not wait. One of the quarantine may have a megabyte. */
const stepRows = { pending: 200, quarantine: 1, ledger: 2_000 };

export interface ErasureParts {
  file: InboxFile;
  guids: ReturnType<typeof createGuids>;
  sheets: Sheets;
  quarantine: ReturnType<typeof createQuarantine>;
  waiting: Waiting;
}

/** Erases what the inbox holds of a number, a few rows at a time; within a transaction of the caller. */
export function createErasure({ file: { db, hashKey }, guids, sheets, quarantine, waiting }: ErasureParts) {
  const ledger = db.prepare('SELECT ledger.guid, number_hash AS hash, pending.seq AS waits FROM ledger LEFT JOIN pending ON pending.seq = ledger.seq WHERE ledger.guid > ? ORDER BY ledger.guid LIMIT ?');
  const cursorAfter = (table: ErasureCursor['table'], rows: number, last: number | string | undefined, then: ErasureCursor | undefined) =>
    rows < stepRows[table] || last === undefined ? then : { table, after: last };

  function erasePending(number: string, after: number): ErasureStep {
    const rows = waiting.all(after, stepRows.pending);
    const readable = rows.filter(({ unreadable }) => unreadable === undefined);
    const found = readable.filter(({ message }) => plainNumber((JSON.parse(message) as InboundMessage).number) === plainNumber(number));
    for (const { seq } of found) guids.settle(seq, number);
    sheets.blank(found.flatMap(({ sheet, line }) => (sheet !== undefined && line !== undefined ? [{ sheet, line }] : [])));
    return {
      ...nothing(),
      // The ledger, which is searched last, knows their GUIDs now.
      seqs: found.map(({ seq }) => seq),
      unreadable: rows.length - readable.length,
      next: cursorAfter('pending', rows.length, rows.at(-1)?.seq, { table: 'quarantine', after: 0 }),
    };
  }

  function eraseQuarantined(number: string, after: number): ErasureStep {
    const rows = quarantine.page(after, stepRows.quarantine);
    const step = { ...nothing(), next: cursorAfter('quarantine', rows.length, rows.at(-1)?.id, { table: 'ledger', after: '' }) };
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
    const rows = ledger.all(after, stepRows.ledger) as Array<{ guid: string; hash: Buffer | null; waits: number | null }>;
    return {
      ...nothing(),
      guids: rows.filter(({ hash }) => hash?.equals(wanted)).map(({ guid }) => guid),
      unattributed: rows.filter(({ hash, waits }) => hash === null && waits === null).length,
      next: cursorAfter('ledger', rows.length, rows.at(-1)?.guid, undefined),
    };
  }

  return (number: string, { table, after }: ErasureCursor): ErasureStep => {
    if (table === 'pending') return erasePending(number, Number(after));
    if (table === 'quarantine') return eraseQuarantined(number, Number(after));
    return findInLedger(number, String(after));
  };
}

/** A shorter one is looked for as a word: its digits are in too many others. */
const digitsOfANumber = 7;

/**
 * Whether bytes that nobody could read hold the number, in any of its notations, as JSON or a form may write them. In doubt it
 * does: what is at stake is refused, and would go in days.
 */
export function mentions(raw: Buffer, number: string): boolean {
  const wanted = plainNumber(number);
  const isNumber = /^\p{N}+$/u.test(wanted);
  // Blanks, brackets, dashes and their like; a quote, a comma or a colon begins something else.
  const between = !isNumber || wanted.length >= digitsOfANumber ? '[^\\p{L}\\p{N}",:]{0,4}' : '';
  const edge = isNumber && between ? '\\p{N}' : '[\\p{L}\\p{N}]';
  const pattern = Array.from(wanted).join(between);
  return new RegExp(`(?<!${edge})${pattern}(?!${edge})`, 'iu').test(unescaped(raw.toString()));
}

/** `%2B` and `\\u002b` as the characters they are; `\\n` and its like as blanks. */
function unescaped(text: string): string {
  const character = (hex: string) => String.fromCharCode(parseInt(hex, 16));
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => character(hex))
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => character(hex))
    .replace(/\\[a-z]/gi, ' ');
}
