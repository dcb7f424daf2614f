import path from 'node:path';
import Database from 'better-sqlite3';
import type { Change } from '../../src/inbox/database.js';
import type { InboundMessage } from '../../src/message.js';

/** The inbox's thread as the suite's build makes it; the tests themselves run from the sources. */
export const threadUrl = new URL('../../dist/inbox/thread.js', import.meta.url);

/** What a commit changes: these messages, and whatever else a test cares about. */
export function aChange(messages: readonly InboundMessage[] = [], others: Partial<Omit<Change, 'guids' | 'texts' | 'messages'>> = {}): Change {
  return {
    guids: messages.map(({ guid }) => guid),
    texts: messages.map(({ text }) => text),
    messages: messages.map((message) => JSON.stringify(message)),
    quarantined: [],
    forwarded: [],
    stuck: [],
    ...others,
  };
}

/** Keeps the inbox of a folder from committing until it is called; not for longer than SQLite waits, which is 5 s. */
export function holdInbox(folder: string): () => void {
  const holder = new Database(path.join(folder, 'inbox.sqlite'));
  holder.exec('BEGIN IMMEDIATE');
  return () => void holder.close();
}

export const guidsOf = (rows: ReadonlyArray<{ message: string }>): string[] => rows.map(({ message }) => (JSON.parse(message) as InboundMessage).guid);
