import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Change } from '../../src/inbox/database.js';
import { eraseAll } from '../../src/inbox/erasure.js';
import { asOnePost } from '../helpers/inbox.js';
import { aMessage } from '../helpers/messages.js';
import { checkEverything, type KnownEntry, type Model, Real, tidy } from './inbox-model.js';

const day = 86_400_000;

interface Step {
  /** The ids of the messages of each post. */
  posts: string[][];
  /** How many of the oldest entries are settled. */
  settled: number;
  /** The messages of a settled entry that failed. */
  failed: number;
  /** How many of the entries after them are stuck. */
  stuck: number;
  retryInMs: number;
  rejected: string[];
  /** The disk takes nothing that needs more space. */
  diskIsFull: boolean;
}

const senders = { a: '+15550001111', b: '+15550002222', c: '+15550003333' } as Record<string, string>;
const messageOf = (id: string) => aMessage({ id, from: senders[id] as string });

function changeOf(model: Model, real: Real, step: Step): { change: Change; after: KnownEntry[] } {
  const { nowMs, entries } = model;
  const seqs = real.seqs();
  const retry = { reason: 'refused', retryAtMs: nowMs + step.retryInMs };
  const settled = entries.slice(0, step.settled);
  const stuck = entries.slice(step.settled, step.settled + step.stuck);
  const added = step.posts.map((ids) => ({ ids, acceptedAtMs: nowMs, retryAtMs: null }));
  const apart = settled.map(({ ids }) => ids.slice(0, step.failed));
  const posts = step.posts.map((ids) => asOnePost(ids.map(messageOf)));
  return {
    change: {
      entries: posts.flatMap((post) => post.entries),
      counts: posts.flatMap((post) => post.counts),
      rejected: step.rejected.map((raw) => ({ reason: 'guid: missing', raw })),
      forwarded: settled.map((_, index) => ({
        seq: seqs[index] as number,
        apart: (apart[index] as string[]).map((id) => ({ line: JSON.stringify(messageOf(id)), ...retry })),
      })),
      stuck: stuck.map((_, index) => ({ seq: seqs[step.settled + index] as number, ...retry })),
    },
    after: [
      ...stuck.map((entry) => ({ ...entry, retryAtMs: retry.retryAtMs })),
      ...entries.slice(step.settled + step.stuck),
      ...added,
      ...apart.flatMap((ids, index) =>
        ids.map((id) => ({
          ids: [id],
          acceptedAtMs: (settled[index] as KnownEntry).acceptedAtMs,
          retryAtMs: retry.retryAtMs,
        })),
      ),
    ],
  };
}

function commit(model: Model, real: Real, step: Step) {
  const { change, after } = changeOf(model, real, step);
  const { db } = real.file;
  if (step.diskIsFull) {
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true }) as number}`);
    const tooLarge = { ...change, rejected: [...change.rejected, { reason: 'large', raw: Buffer.alloc(500_000) }] };
    expect(() => real.inbox.commit(tooLarge)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
    db.pragma('max_page_count = 1000000');
    return;
  }
  real.inbox.commit(change);
  model.entries = after;
  for (const raw of step.rejected)
    model.quarantine.set(raw, { count: (model.quarantine.get(raw)?.count ?? 0) + 1, atMs: model.nowMs });
}

async function erase(model: Model, { inbox }: Real, id: string) {
  const number = senders[id] as string;
  const sender = { sender: number, notations: [number] };
  const { guids } = await eraseAll(async (cursor) => inbox.erase({ sender, cursor }));
  expect(guids).toEqual(model.entries.flatMap(({ ids }) => ids.filter((one) => one === id)));
  for (const entry of model.entries) entry.ids = entry.ids.filter((one) => one !== id);
  model.entries = model.entries.filter(({ ids }) => ids.length > 0);
}

/** A command of fast-check from what it does; everything is checked after each. */
class Do implements fc.AsyncCommand<Model, Real> {
  readonly name: string;
  private readonly action: (model: Model, real: Real) => void | Promise<void>;
  constructor(name: string, action: (model: Model, real: Real) => void | Promise<void>) {
    this.name = name;
    this.action = action;
  }
  check = () => true;
  async run(model: Model, real: Real) {
    await this.action(model, real);
    checkEverything(model, real);
  }
  toString = () => this.name;
}

const anId = fc.constantFrom('a', 'b', 'c');
const step = fc.record<Step>({
  posts: fc.array(fc.array(anId, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
  settled: fc.nat(2),
  failed: fc.constantFrom(0, 0, 1, 2),
  stuck: fc.nat(1),
  retryInMs: fc.constantFrom(0, 3_600_000),
  rejected: fc.array(fc.constantFrom('{}', '{"x":1}'), { maxLength: 2 }),
  diskIsFull: fc.constantFrom(false, false, false, true),
});
const clockStep = fc.constantFrom(1, 1_000, 3_600_000, 8 * day, -1, -3_600_000, -8 * day);

const commands = fc.commands(
  [
    step.map((one) => new Do(`commit ${JSON.stringify(one)}`, (model, real) => commit(model, real, one))),
    clockStep.map((ms) => new Do(`clock ${ms}`, (model) => void (model.nowMs += ms))),
    anId.map((id) => new Do(`erase ${id}`, (model, real) => erase(model, real, id))),
    fc.constant(
      new Do('tidy', (model, real) => {
        while (real.inbox.tidy());
        tidy(model);
      }),
    ),
    fc.constant(new Do('crash', (_model, real) => real.crash())),
    fc.constant(new Do('reopen', (_model, real) => real.reopen())),
    fc.constant(new Do('checkpoint', (_model, real) => real.inbox.checkpoint())),
  ],
  { maxCommands: 40 },
);

it(
  'whatever happens in whatever order, no accepted message is lost, and the order and the counts are right',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (run) => {
        const nowMs = Date.parse('2025-01-20T10:15:00Z');
        const model: Model = { nowMs, entries: [], quarantine: new Map(), evicted: 0 };
        const real = new Real(() => model.nowMs);
        try {
          await fc.asyncModelRun(() => ({ model, real }), run);
        } finally {
          real.end();
        }
      }),
      { numRuns: 400 },
    );
  },
);
