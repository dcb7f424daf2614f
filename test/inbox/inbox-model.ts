import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { InboxDatabase } from '../../src/inbox/database.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { stuckRetryMs } from '../../src/domain/waiting.js';
import { quarantineLimits } from '../../src/inbox/quarantine.js';
import { idsIn } from '../helpers/inbox-file.js';

/** An entry, by the ids of its messages. */
export interface KnownEntry {
  ids: string[];
  acceptedAtMs: number;
  /** Null: it is not stuck. */
  retryAtMs: number | null;
}

/** The inbox as its promises describe it. */
export interface Model {
  nowMs: number;
  /** In the order of acceptance. */
  entries: KnownEntry[];
  /** How often each part came, and when it came last. */
  quarantine: Map<string, { count: number; atMs: number }>;
  evicted: number;
}

/** The inbox on a disk that a crash leaves behind. */
export class Real {
  folder = mkdtempSync(path.join(tmpdir(), 'answerback-model-'));
  file!: InboxFile;
  inbox!: InboxDatabase;
  private readonly abandoned: Array<() => void> = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    this.open();
  }

  private open() {
    this.file = openInboxFile(this.folder);
    this.inbox = new InboxDatabase(this.file, this.now);
  }

  reopen() {
    this.file.close();
    this.open();
  }

  /** The next process finds what is on the disk at this moment; nothing was closed. */
  crash() {
    const { folder, file } = this;
    this.abandoned.push(() => {
      file.close();
      rmSync(folder, { recursive: true });
    });
    this.folder = mkdtempSync(path.join(tmpdir(), 'answerback-model-'));
    for (const name of ['inbox.sqlite', 'inbox.sqlite-wal']) {
      if (existsSync(path.join(folder, name))) copyFileSync(path.join(folder, name), path.join(this.folder, name));
    }
    this.open();
  }

  /** The places of all entries, in order. */
  seqs = () => this.file.db.prepare('SELECT seq FROM entries ORDER BY seq').pluck().all() as number[];

  end() {
    this.file.close();
    rmSync(this.folder, { recursive: true });
    for (const end of this.abandoned) end();
  }
}

/** What `tidy` does. */
export function tidy(model: Model): void {
  for (const entry of model.entries)
    if ((entry.retryAtMs ?? 0) > model.nowMs + stuckRetryMs) entry.retryAtMs = model.nowMs;
  for (const [raw, { atMs }] of model.quarantine) {
    if (atMs >= model.nowMs - quarantineLimits.days * 86_400_000) continue;
    model.quarantine.delete(raw);
    model.evicted++;
  }
}

export function checkEverything(model: Model, { inbox }: Real): void {
  const waiting = model.entries.filter(({ retryAtMs }) => retryAtMs === null);
  const stuck = model.entries.filter(({ retryAtMs }) => retryAtMs !== null);
  const due = stuck.filter(({ retryAtMs }) => (retryAtMs as number) <= model.nowMs);
  const pages = {
    waiting: inbox.page({ stuck: false, after: 0 }),
    due: inbox.page({ stuck: true, after: [0, 0], dueAtMs: model.nowMs }),
  };
  expect(pages.waiting.entries.map(({ lines }) => idsIn(lines))).toEqual(waiting.map(({ ids }) => ids));
  expect(pages.due.entries.flatMap(({ lines }) => idsIn(lines)).sort()).toEqual(due.flatMap(({ ids }) => ids).sort());
  const messages = (entries: readonly KnownEntry[]) => entries.reduce((sum, { ids }) => sum + ids.length, 0);
  const { oldestAtMs, ...counts } = inbox.status();
  expect(counts).toEqual({
    depth: messages(model.entries),
    stuck: messages(stuck),
    quarantined: model.quarantine.size,
    evicted: model.evicted,
  });
  expect(oldestAtMs === null).toBe(waiting.length === 0);
  // A clock that went back may make an entry younger, and never older.
  if (oldestAtMs !== null) expect(oldestAtMs).toBeLessThanOrEqual(model.nowMs);
  const kept = inbox.quarantined({ after: 0, limit: 1_000 });
  expect(Object.fromEntries(kept.map(({ raw, count }) => [Buffer.from(raw ?? []).toString(), count]))).toEqual(
    Object.fromEntries([...model.quarantine].map(([raw, { count }]) => [raw, count])),
  );
}
