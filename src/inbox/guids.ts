import type Database from 'better-sqlite3';
import { hashOfNumber, hashOfText } from './hashes.js';
import type { InboxFile } from './schema.js';
import type { Sheets } from './sheets.js';

/**
 * GUIDs kept in memory while their messages wait. A GUID falls on a random page of the ledger, and writing that page is most of
 * the cost of a message; so it is written when the message is forwarded, and nobody waits for that.
 */
const mostInMemory = 200_000;

/** Whether a GUID was new, or has been seen with the same text, or with another. */
export type Seen = 'new' | 'again' | 'conflict';

/** Knows every GUID that was accepted: those that wait by the rows of `pending`, the others by the ledger. */
export function createGuids({ db, hashKey, keyring }: Pick<InboxFile, 'db' | 'hashKey' | 'keyring'>, sheets: Sheets, bound = mostInMemory) {
  const sql = {
    add: db.prepare('INSERT INTO pending (seq, guid, text_hash, message, sheet, line) VALUES (?, ?, ?, ?, ?, ?)'),
    known: db.prepare('SELECT text_hash FROM ledger WHERE guid = ?').pluck(),
    remember: db.prepare('INSERT INTO ledger VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET number_hash = excluded.number_hash'),
    waiting: db.prepare('SELECT guid, seq, text_hash, sheet FROM pending WHERE seq = ?'),
    remove: db.prepare('DELETE FROM pending WHERE seq = ?'),
    page: db.prepare('SELECT guid, seq FROM ledger WHERE guid > ? ORDER BY guid LIMIT ?'),
    forget: db.prepare('DELETE FROM ledger WHERE guid = ?'),
  };
  const inMemory = new Map<string, Buffer>();
  let added: string[] = [];
  let settled: string[] = [];
  // In one commit, however many there are.
  db.transaction(load)(db);

  function load(from: Database.Database): void {
    for (const { guid, seq, text_hash: hash } of from.prepare('SELECT guid, seq, text_hash FROM pending').all() as Row[]) {
      if (inMemory.size < bound) inMemory.set(guid, hash);
      else sql.remember.run(guid, seq, hash, null);
    }
  }

  return {
    /** Adds a message that waits, unless its GUID was seen before. */
    accept(guid: string, text: string, message: string, seq: number): Seen {
      const hash = hashOfText(hashKey, text);
      const known = inMemory.get(guid) ?? (sql.known.get(guid) as Buffer | undefined);
      if (known) return known.equals(hash) ? 'again' : 'conflict';
      if (keyring.seals) {
        const { sheet, line } = sheets.add(message);
        sql.add.run(seq, guid, hash, '', sheet, line);
      } else {
        sql.add.run(seq, guid, hash, message, null, null);
      }
      if (inMemory.size < bound) {
        inMemory.set(guid, hash);
        added.push(guid);
      } else {
        sql.remember.run(guid, seq, hash, null);
      }
      return 'new';
    },

    /** Moves the GUID of a message to the ledger and erases the rest; false when it was done before. */
    settle(seq: number, number: string): boolean {
      const row = sql.waiting.get(seq) as WaitingRow | undefined;
      if (!row) return false;
      sql.remember.run(row.guid, row.seq, row.text_hash, hashOfNumber(hashKey, number));
      sql.remove.run(seq);
      if (row.sheet !== null) sheets.release(row.sheet);
      settled.push(row.guid);
      return true;
    },

    /**
     * Looks at the next `limit` GUIDs of the ledger and forgets those whose seq is lower, never one whose message still waits.
     * Returns where the next look begins; '' at the end.
     */
    forget({ before, after, limit }: { before: number; after: string; limit: number }): string {
      const page = sql.page.all(after, limit) as Array<{ guid: string; seq: number }>;
      for (const { guid, seq } of page) if (seq < before && !sql.waiting.get(seq)) sql.forget.run(guid);
      return page.length < limit ? '' : (page.at(-1)?.guid ?? '');
    },

    /** After the transaction: what memory holds is what the file holds. */
    committed(): void {
      for (const guid of settled) inMemory.delete(guid);
      added = [];
      settled = [];
    },

    undone(): void {
      for (const guid of added) inMemory.delete(guid);
      added = [];
      settled = [];
    },
  };
}

interface Row {
  guid: string;
  seq: number;
  text_hash: Buffer;
}

interface WaitingRow extends Row {
  sheet: number | null;
}
