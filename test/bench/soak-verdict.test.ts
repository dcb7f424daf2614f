import { describe, expect, it } from 'vitest';
import type { Window } from '../../bench/soak/journal.js';
import type { Sample } from '../../bench/soak/sample.js';
import type { Ledger } from '../../bench/soak/settle.js';
import { aConversationLedger } from './a-conversation-ledger.js';
import { alwaysChecks, flatnessChecks, type Measured } from '../../bench/soak/verdict.js';

const minute = 60_000;
const endedMs = 60 * minute;
/** The product starts again at these times, and runs long after the last. */
const starts = [0, 8 * minute, 16 * minute, 24 * minute];
const megabyte = 1_048_576;

/** A number that goes up and down by up to `size`, the same in each run. */
const noise = (seed: number, size: number) => Math.sin(seed * 12.9898) * size;

interface Drift {
  /** Bytes per hour of a life. */
  leak?: number;
  /** Bytes per hour of the run, whatever life it is: memory that grows with what is on disk. */
  growth?: number;
  openFiles?: number;
  acknowledgementMs?: number;
}

/** A run of an hour as it is when nothing drifts but what is named. */
function measured(
  { leak = 0, growth = 0, openFiles = 0, acknowledgementMs = 0 }: Drift = {},
  overrides: Partial<Measured> = {},
): Measured {
  const samples = Array.from({ length: 720 }, (_, index): Sample => {
    const atMs = (index * endedMs) / 720;
    const life = starts.findLastIndex((start) => start <= atMs);
    const ageMs = atMs - (starts[life] ?? 0);
    const hours = (ms: number) => ms / (60 * minute);
    // A process takes its first minutes to fill its caches.
    const rssBytes =
      (280 - 80 * Math.exp(-ageMs / minute)) * megabyte +
      noise(index, 8 * megabyte) +
      leak * hours(ageMs) +
      growth * hours(atMs);
    return {
      atMs,
      product: { pid: 100 + life, rssBytes, openFiles: Math.round(50 + noise(index, 4) + openFiles * hours(ageMs)) },
      temporal: { pid: 200, rssBytes: 300 * megabyte + noise(index, 10 * megabyte), openFiles: 40 },
      files: {
        inbox: index * 12_000,
        inboxLog: 4 * megabyte,
        temporal: index * megabyte,
        temporalLog: 4 * megabyte,
        folder: index * megabyte,
      },
      depth: 0,
    };
  });
  const windows = Array.from({ length: 60 }, (_, index): Window => {
    const p99 = 12 + noise(index, 3) + acknowledgementMs * (index / 60);
    return {
      atMs: (index + 0.5) * minute,
      acknowledgement: { p50: 2, p99, max: 3 * p99 },
      reply: { p50: 60, p99: 400 },
    };
  });
  const ledger: Ledger = {
    acknowledged: 72_000,
    replied: 71_000,
    silent: 1_000,
    parked: 0,
    lost: [],
    twice: [],
    unanswered: [],
    uncertain: [],
    notSilent: [],
  };
  return {
    samples,
    windows,
    ledger,
    conversations: aConversationLedger(),
    endedMs,
    planned: 72_000,
    incidents: { due: 66, happened: 66, failures: [] },
    depthAtEnd: 0,
    neverAccepted: 0,
    postedAgain: { '0': 300, '503': 2 },
    crashes: 0,
    ...overrides,
  };
}

const failedIn = (run: Measured) =>
  [...alwaysChecks(run), ...(flatnessChecks(run) ?? [])].filter(({ ok }) => !ok).map(({ what }) => what);

describe('the verdict of a soak', () => {
  it('holds for a run with noise, restarts and warm-ups, in which nothing drifts', () => {
    expect(failedIn(measured())).toEqual([]);
  });

  it('finds a leak of 100 MB an hour in the last life', () => {
    expect(failedIn(measured({ leak: 100 * megabyte }))).toEqual(['memory of the product, last life']);
  });

  it('finds memory that a new life begins with, since it grows with what is on disk', () => {
    expect(failedIn(measured({ growth: 300 * megabyte }))).toContain(
      'memory of the product at the same age, first and last life',
    );
  });

  it('finds open files that are never closed', () => {
    expect(failedIn(measured({ openFiles: 60 }))).toEqual(['open files of the product, last life']);
  });

  it('finds an acknowledgement that gets slower', () => {
    expect(failedIn(measured({ acknowledgementMs: 200 }))).toEqual(['acknowledgement, p99']);
  });

  it('finds a log that is never emptied, and an inbox that keeps what it has forwarded', () => {
    const { samples } = measured();
    const swollen = samples.map((sample, index) => ({
      ...sample,
      files: { ...sample.files, inbox: index * 100_000, inboxLog: index * megabyte },
    }));
    expect(failedIn(measured({}, { samples: swollen }))).toEqual([
      "log of the inbox's file",
      "growth of the inbox's file",
    ]);
  });

  it.each([
    ['messages acknowledged, then lost', { lost: ['a'] }],
    ['messages with two replies', { twice: ['a'] }],
    ['messages without a reply and without a reason', { unanswered: ['a'] }],
    ['unwanted replies', { notSilent: ['a'] }],
  ] satisfies Array<[string, Partial<Ledger>]>)('finds what is %s, and names it', (what, ledger) => {
    const run = measured();
    const checks = alwaysChecks({ ...run, ledger: { ...run.ledger, ...ledger } });
    expect(checks.filter(({ ok }) => !ok)).toEqual([{ what, found: '1, such as a', limit: 'none', ok: false }]);
  });

  it('finds messages left in the inbox, posts never accepted, wrong responses and crashes', () => {
    expect(failedIn(measured({}, { depthAtEnd: 1 }))).toEqual(['messages left in the inbox']);
    expect(failedIn(measured({}, { depthAtEnd: undefined }))).toEqual(['messages left in the inbox']);
    expect(failedIn(measured({}, { neverAccepted: 1, postedAgain: { '500': 1 }, crashes: 1 }))).toEqual([
      'posts that were never accepted',
      'responses other than 200, 422 and 503',
      'crashes of the product',
    ]);
  });

  it('finds a load that was missing or a tenth too small, but not one that is slightly late', () => {
    const loaded = (acknowledged: number, planned: number) =>
      failedIn(measured({}, { planned, ledger: { ...measured().ledger, acknowledged } }));
    expect(loaded(71_000, 72_000)).toEqual([]);
    expect(loaded(64_000, 72_000)).toEqual(['messages acknowledged, of those planned']);
    expect(loaded(0, 72_000)).toContain('messages acknowledged, of those planned');
    expect(loaded(0, 0)).toContain('messages acknowledged, of those planned');
  });

  it.each([
    ['did not happen', { due: 66, happened: 65, failures: [] }, '65 of 66'],
    [
      'failed, and names why',
      { due: 66, happened: 65, failures: ['temporal: not there'] },
      '65 of 66; temporal: not there',
    ],
    ['were never due, since it ended too early', { due: 0, happened: 0, failures: [] }, '0 of 0'],
  ])('finds incidents that %s', (_, incidents, found) => {
    expect(alwaysChecks(measured({}, { incidents })).filter(({ ok }) => !ok)).toEqual([
      { what: 'incidents that happened, of those due', found, limit: 'all', ok: false },
    ]);
  });

  it('reports no drift where the last life was too short to measure', () => {
    const run = measured();
    expect(flatnessChecks({ ...run, endedMs: 30 * minute })).toBeUndefined();
  });
});
