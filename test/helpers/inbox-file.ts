import path from 'node:path';
import Database from 'better-sqlite3';
import type { InboundMessage } from '../../src/domain/message.js';

/**
 * What a query gives to another program that reads the inbox of a folder at this moment; the api may run or have been
 * killed.
 */
export function queryInbox<Row>(folder: string, sql: string): Row[] {
  const reader = new Database(path.join(folder, 'inbox.sqlite'), { readonly: true });
  try {
    return reader.prepare(sql).all() as Row[];
  } finally {
    reader.close();
  }
}

/**
 * The number of messages that wait in the inbox of a folder; undefined while it is unknown, because its api opens or
 * closes the file.
 */
export function messagesIn(folder: string): number | undefined {
  try {
    return queryInbox<{ count: number }>(folder, 'SELECT coalesce(sum(messages), 0) AS count FROM entries')[0]?.count;
  } catch {
    return undefined;
  }
}

/** The ids of the messages that wait in the inbox of a folder, in their order. They must not be sealed. */
export function waitingIn(folder: string): string[] {
  return queryInbox<{ body: string }>(folder, 'SELECT body FROM entries ORDER BY seq').flatMap(({ body }) =>
    idsIn(body),
  );
}

/** The ids of the messages in an entry. */
export const idsIn = (lines: string): string[] =>
  lines.split('\n').map((line) => (JSON.parse(line) as InboundMessage).id);
