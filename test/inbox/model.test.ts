import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import type { InboundMessage } from '../../src/message.js';
import { aChange, guidsOf } from '../helpers/inbox.js';
import { aMessage } from '../helpers/messages.js';

const day = 86_400_000;
const dedupDays = 30;

/** What is known of a GUID since it was last new. */
interface Known {
  message: InboundMessage;
  acceptedAtMs: number;
  /** The latest that the clock had been until then: the inbox may take this for the time of acceptance. */
  latestAtMs: number;
  /** The latest that the clock was at a whole round of the purge since it was forwarded. */
  purgedAtMs: number;
  state: 'pending' | 'stuck' | 'forwarded';
  retryAtMs: number;
}

/** The inbox as its promises describe it. */
interface Model {
  nowMs: number;
  latestMs: number;
  /** In the order of acceptance. */
  known: Map<string, Known>;
  quarantined: number;
}

/** The inbox on a disk that a crash leaves behind. */
class Real {
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
    // So few GUIDs in memory that some of those that wait stand in the ledger.
    this.inbox = createInboxDatabase(this.file, this.now, 3);
  }

  reopen() {
    this.file.close();
    this.open();
  }

  /** What is on the disk at this moment is found by the next process; nobody has closed anything. */
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

  rows = (table: string) => this.file.db.prepare(`SELECT * FROM ${table}`).all() as Array<Record<string, unknown>>;

  end() {
    this.file.close();
    rmSync(this.folder, { recursive: true });
    for (const end of this.abandoned) end();
  }
}

const inState = (model: Model, ...states: Array<Known['state']>) => [...model.known].filter(([, { state }]) => states.includes(state));

/** A GUID may be forgotten once a purge has seen that its days are over; surely so when the clock has never gone back. */
const mayBeForgotten = ({ state, purgedAtMs, acceptedAtMs }: Known) => state === 'forwarded' && purgedAtMs > acceptedAtMs + dedupDays * day;
const mustBeForgotten = ({ state, purgedAtMs, latestAtMs }: Known) => state === 'forwarded' && purgedAtMs > latestAtMs + dedupDays * day + 1;

function checkWhatIsNew(model: Model, batch: readonly InboundMessage[], fresh: ReadonlySet<string>) {
  for (const { guid } of batch) {
    const known = model.known.get(guid);
    if (fresh.has(guid)) expect(!known || mayBeForgotten(known), `${guid} was new twice in its days`).toBe(true);
    else expect(known && !mustBeForgotten(known), `${guid} was not new`).toBe(true);
  }
}

function checkWhatIsRemembered(model: Model, { rows }: Real) {
  const remembered = new Set(rows('seen').map(({ guid }) => guid));
  for (const [guid, known] of model.known) {
    if (remembered.has(guid)) expect(mustBeForgotten(known), `${guid} is remembered after its days`).toBe(false);
    else expect(mayBeForgotten(known), `${guid} is forgotten in its days`).toBe(true);
  }
}

function checkEverything(model: Model, { inbox, rows }: Real) {
  const due = inState(model, 'stuck').filter(([, { retryAtMs }]) => retryAtMs <= model.nowMs);
  const pending = inbox.pending(0, 10_000);
  expect(guidsOf(pending)).toEqual(inState(model, 'pending').map(([guid]) => guid));
  expect(guidsOf(inbox.stuck(10_000)).sort()).toEqual(due.map(([guid]) => guid).sort());
  for (const { message } of pending) expect(JSON.parse(message)).toEqual(model.known.get((JSON.parse(message) as InboundMessage).guid)?.message);

  const tables = { pending: rows('pending'), quarantine: rows('quarantine') };
  const seqs = tables.pending.filter((row) => row['retry_at'] === null).map(({ seq }) => seq as number);
  expect(inbox.status()).toEqual({
    depth: tables.pending.length,
    stuck: tables.pending.filter((row) => row['retry_at'] !== null).length,
    oldestAtMs: seqs.length > 0 ? Math.floor(Math.min(...seqs) / 1_000) : null,
    quarantined: tables.quarantine.length,
  });
  expect(tables.pending).toHaveLength(inState(model, 'pending', 'stuck').length);
  expect(tables.quarantine).toHaveLength(model.quarantined);
}

interface Step {
  messages: Array<{ guid: string; text: string }>;
  /** Share of the oldest rows, and of the stuck ones that are due, whose workflow exists now. */
  forward: number;
  forwardStuck: number;
  refuse: number;
  retryInMs: number;
  quarantine: number;
  /** The disk takes nothing that needs more space. */
  diskIsFull: boolean;
}

function commit(model: Model, { file, inbox }: Real, step: Step) {
  const batch = step.messages.map((message) => aMessage(message));
  const page = inbox.pending(0, step.forward + step.refuse);
  const forwarded = [...page.slice(0, step.forward), ...inbox.stuck(step.forwardStuck)];
  const refused = page.slice(step.forward);
  const retryAtMs = model.nowMs + step.retryInMs;
  const change = aChange(batch, {
    forwarded: forwarded.map(({ seq }) => ({ seq, number: '+15550001234' })),
    stuck: refused.map(({ seq }) => ({ seq, reason: 'refused', retryAtMs })),
    quarantined: Array.from({ length: step.quarantine }, () => ({ reason: 'guid: missing', raw: '{}' })),
  });
  if (step.diskIsFull) {
    file.db.pragma(`max_page_count = ${file.db.pragma('page_count', { simple: true }) as number}`);
    const tooLarge = { ...change, quarantined: [...change.quarantined, { reason: 'large', raw: Buffer.alloc(500_000) }] };
    expect(() => inbox.commit(tooLarge)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
    file.db.pragma('max_page_count = 1000000');
    return;
  }

  const before = new Set(inbox.pending(0, 10_000).map(({ seq }) => seq));
  const committed = inbox.commit(change);
  const fresh = new Set(guidsOf(inbox.pending(0, 10_000).filter(({ seq }) => !before.has(seq))));
  checkWhatIsNew(model, batch, fresh);
  expect(committed.fresh).toBe(fresh.size);

  const conflicts: number[] = [];
  const seen = new Set<string>();
  batch.forEach((message, index) => {
    if (fresh.has(message.guid) && !seen.has(message.guid)) {
      // Deleted first: its place in the order is a new one.
      model.known.delete(message.guid);
      model.known.set(message.guid, { message, acceptedAtMs: model.nowMs, latestAtMs: model.latestMs, purgedAtMs: -Infinity, state: 'pending', retryAtMs: 0 });
    } else if (model.known.get(message.guid)?.message.text !== message.text) conflicts.push(index);
    seen.add(message.guid);
  });
  expect(committed.conflicts).toEqual(conflicts);
  model.quarantined += conflicts.length + step.quarantine;
  for (const guid of guidsOf(forwarded)) Object.assign(model.known.get(guid) as Known, { state: 'forwarded' });
  for (const guid of guidsOf(refused)) Object.assign(model.known.get(guid) as Known, { state: 'stuck', retryAtMs });
}

function purge(model: Model, { inbox, rows }: Real, limit: number) {
  const count = () => rows('seen').length;
  for (let before = count(), more = true; more; before = count()) {
    more = inbox.purge(dedupDays, limit);
    expect(before - count()).toBeLessThanOrEqual(limit);
  }
  for (const [, known] of inState(model, 'forwarded')) known.purgedAtMs = Math.max(known.purgedAtMs, model.nowMs);
  model.quarantined = rows('quarantine').length;
}

/** A command of fast-check from what it does; everything is checked after each. */
class Do implements fc.Command<Model, Real> {
  readonly name: string;
  private readonly action: (model: Model, real: Real) => void;
  constructor(name: string, action: (model: Model, real: Real) => void) {
    this.name = name;
    this.action = action;
  }
  check = () => true;
  run(model: Model, real: Real) {
    this.action(model, real);
    checkWhatIsRemembered(model, real);
    checkEverything(model, real);
  }
  toString = () => this.name;
}

const step = fc.record<Step>({
  messages: fc.array(fc.record({ guid: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), text: fc.constantFrom('yes', 'yes', 'no') }), { maxLength: 5 }),
  forward: fc.nat(3),
  forwardStuck: fc.nat(2),
  refuse: fc.nat(1),
  retryInMs: fc.constantFrom(0, 3_600_000),
  quarantine: fc.nat(1),
  diskIsFull: fc.constantFrom(false, false, false, true),
});
const clockStep = fc.constantFrom(1, 1_000, 3_600_000, 15 * day, 29 * day, 30 * day, 31 * day, -1, -3_600_000, -31 * day);

const commands = fc.commands(
  [
    step.map((one) => new Do(`commit ${JSON.stringify(one)}`, (model, real) => commit(model, real, one))),
    clockStep.map((ms) => new Do(`clock ${ms}`, (model) => {
      model.nowMs += ms;
      model.latestMs = Math.max(model.latestMs, model.nowMs);
    })),
    fc.integer({ min: 1, max: 4 }).map((limit) => new Do(`purge by ${limit}`, (model, real) => purge(model, real, limit))),
    fc.constant(new Do('crash', (_model, real) => real.crash())),
    fc.constant(new Do('reopen', (_model, real) => real.reopen())),
    fc.constant(new Do('checkpoint', (_model, real) => real.inbox.checkpoint())),
  ],
  { maxCommands: 40 },
);

test('whatever happens in whatever order, no accepted message is lost, none is new twice, and the counts are right', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(commands, (run) => {
      const startMs = Date.parse('2025-01-20T10:15:00Z');
      const model: Model = { nowMs: startMs, latestMs: startMs, known: new Map(), quarantined: 0 };
      const real = new Real(() => model.nowMs);
      try {
        fc.modelRun(() => ({ model, real }), run);
      } finally {
        real.end();
      }
    }),
    { numRuns: 400 },
  );
});
