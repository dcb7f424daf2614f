import { UnreadableError } from '../keyring.js';
import type { InboxFile } from './schema.js';

/** Messages sealed together: sealing one costs as much as sealing a few dozen, and an acknowledgement waits for it. */
const mostOnASheet = 64;

/** Where a sealed message lies. */
export interface OnSheet {
  sheet: number;
  /** Its line. */
  line: number;
}

/** Keeps the messages of a commit sealed, a line each; a sheet goes with the last of its messages. */
export function createSheets({ db, keyring }: Pick<InboxFile, 'db' | 'keyring'>) {
  const sql = {
    add: db.prepare('INSERT INTO sheets (id, key_id, bytes) VALUES (?, ?, ?)'),
    read: db.prepare('SELECT key_id AS keyId, bytes FROM sheets WHERE id = ?'),
    change: db.prepare('UPDATE sheets SET key_id = ?, bytes = ? WHERE id = ?'),
    remove: db.prepare('DELETE FROM sheets WHERE id = ?'),
    lines: db.prepare('SELECT sheet, count(*) AS lines FROM pending WHERE sheet IS NOT NULL GROUP BY sheet'),
    last: db.prepare('SELECT coalesce(max(id), 0) FROM sheets').pluck(),
  };
  let linesLeft = new Map<number, number>();
  let next = 1;
  let writing: string[] = [];
  load();

  function load(): void {
    writing = [];
    const counted = sql.lines.all() as Array<{ sheet: number; lines: number }>;
    linesLeft = new Map(counted.map(({ sheet, lines }) => [sheet, lines]));
    next = (sql.last.get() as number) + 1;
  }

  function finish(): void {
    if (writing.length === 0) return;
    const { keyId, bytes } = keyring.seal(writing.join('\n'), 'inbox');
    sql.add.run(next, keyId, bytes);
    linesLeft.set(next, writing.length);
    next++;
    writing = [];
  }

  /** @throws {UnreadableError} */
  function read(sheet: number): string[] {
    const sealed = sql.read.get(sheet) as { keyId: string; bytes: Buffer } | undefined;
    if (!sealed) throw new UnreadableError('It is sealed on a sheet that is not in the file: restore the file from a backup');
    const { keyId, bytes } = sealed;
    return keyring.open({ keyId, bytes }, 'inbox').toString().split('\n');
  }

  return {
    /** Takes a message, as JSON on one line; it is sealed by `finish`, before the commit. */
    add(message: string): OnSheet {
      if (writing.length === mostOnASheet) finish();
      return { sheet: next, line: writing.push(message) - 1 };
    },

    finish,
    read,

    /** One of its messages is gone; after the last the sheet goes. */
    release(sheet: number): void {
      const left = (linesLeft.get(sheet) ?? 1) - 1;
      linesLeft.set(sheet, left);
      if (left > 0) return;
      sql.remove.run(sheet);
      linesLeft.delete(sheet);
    },

    /** Takes messages off the sheets that others are on. */
    blank(gone: readonly OnSheet[]): void {
      for (const sheet of new Set(gone.map((one) => one.sheet))) {
        if (!linesLeft.has(sheet)) continue;
        const lines = read(sheet);
        for (const { line } of gone.filter((one) => one.sheet === sheet)) lines[line] = '';
        const { keyId, bytes } = keyring.seal(lines.join('\n'), 'inbox');
        sql.change.run(keyId, bytes, sheet);
      }
    },

    /** After a transaction that was rolled back. */
    undone: load,
  };
}

export type Sheets = ReturnType<typeof createSheets>;
