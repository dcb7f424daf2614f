import path from 'node:path';
import Database from 'better-sqlite3';

/** What a query gives to another program that reads the inbox of a folder at this moment; the api may run or have been killed. */
export function queryInbox<Row>(folder: string, sql: string): Row[] {
  const reader = new Database(path.join(folder, 'inbox.sqlite'), { readonly: true });
  try {
    return reader.prepare(sql).all() as Row[];
  } finally {
    reader.close();
  }
}

/** The messages that wait in the inbox of a folder; undefined while that cannot be told, since its api opens or closes the file. */
export function messagesIn(folder: string): number | undefined {
  try {
    return queryInbox<{ count: number }>(folder, 'SELECT count(*) AS count FROM pending')[0]?.count;
  } catch {
    return undefined;
  }
}

/** The GUIDs that the inbox of a folder knows, and those that wait, in their order. */
export function readInbox(folder: string): { guids: Set<string>; pending: string[] } {
  const guidsIn = (sql: string) => queryInbox<{ guid: string }>(folder, sql).map(({ guid }) => guid);
  return { guids: new Set(guidsIn('SELECT guid FROM seen')), pending: guidsIn('SELECT guid FROM pending ORDER BY seq') };
}
