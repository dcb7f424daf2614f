import path from 'node:path';
import Database from 'better-sqlite3';
import type { Change } from '../../src/inbox/database.js';
import { toLines } from '../../src/inbox/lines.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { idsIn } from './inbox-file.js';

/** The inbox's thread as the suite's build makes it; the tests themselves run from the sources. */
export const threadUrl = new URL('../../dist/inbox/thread.js', import.meta.url);

/** What a commit changes: these messages, each in an entry of its own, and whatever else a test cares about. */
export function aChange(messages: readonly InboundMessage[] = [], others: Partial<Change> = {}): Change {
  return {
    entries: messages.map((message) => toLines({ messages: [message] })),
    counts: messages.map(() => 1),
    rejected: [],
    forwarded: [],
    stuck: [],
    ...others,
  };
}

/** Messages that came in one post. */
export const asOnePost = (messages: readonly InboundMessage[]): Pick<Change, 'entries' | 'counts'> => ({
  entries: [toLines({ messages })],
  counts: [messages.length],
});

/** Keeps the inbox of a folder from committing until it is called; not for longer than SQLite waits, which is 5 s. */
export function holdInbox(folder: string): () => void {
  const holder = new Database(path.join(folder, 'inbox.sqlite'));
  holder.exec('BEGIN IMMEDIATE');
  return () => void holder.close();
}

export const guidsOf = (entries: ReadonlyArray<{ lines: string }>): string[] =>
  entries.flatMap(({ lines }) => idsIn(lines));
