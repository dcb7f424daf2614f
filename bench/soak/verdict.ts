import { median } from '../report/statistics.js';
import { below, type Check, flat, mega, megabytes, milliseconds, none, plain } from './checks.js';
import type { Window } from './journal.js';
import type { Footprint, Sample } from './sample.js';
import type { Ledger } from './settle.js';
import { livesOf, type Point } from './trend.js';

/** What a run has measured. Times are milliseconds since the start. */
export interface Measured {
  samples: readonly Sample[];
  windows: readonly Window[];
  ledger: Ledger;
  /** When the load ended. */
  endedMs: number;
  /** New messages that the load had to send until then. */
  planned: number;
  /** Of the schedule: how many it had until then, how many of them came about, and why others did not. */
  incidents: { due: number; happened: number; failures: readonly string[] };
  /** Messages in the inbox at the end. */
  depthAtEnd: number | undefined;
  /** Posts that were never answered as expected. */
  undelivered: number;
  /** Answers that were not expected, by status; 0 where none came. */
  redelivered: Readonly<Record<string, number>>;
  crashes: number;
}

/** The last life of a process must last so long, that what it loses in a third of it can be told from noise. */
const leastLifeMs = 15 * 60_000;

/** What holds in any run: there was a load and what disturbs it, no message went astray, and nothing is far too large. */
export function alwaysChecks({ samples, ledger, endedMs, planned, incidents, depthAtEnd, undelivered, redelivered, crashes }: Measured): Check[] {
  const wrongAnswers = Object.entries(redelivered).reduce((sum, [status, count]) => (status === '0' || status === '503' ? sum : sum + count), 0);
  const some = (guids: readonly string[]) => (guids.length > 0 ? `, such as ${guids.slice(0, 3).join(', ')}` : '');
  const counted = (what: string, guids: readonly string[]) => none(what, guids.length, some(guids));
  return [
    loaded(ledger.acknowledged, planned),
    disturbed(incidents),
    counted('acknowledged and lost', ledger.lost),
    counted('answered twice', ledger.twice),
    counted('not answered, and no reason why', ledger.unanswered),
    counted('answered against their will', ledger.notSilent),
    none('replies left parked', ledger.parked),
    none('posts that were never taken', undelivered),
    none('answers other than 200, 422 and 503', wrongAnswers),
    none('crashes of the product', crashes),
    { what: 'messages left in the inbox', found: String(depthAtEnd ?? 'unknown'), bound: '0', ok: depthAtEnd === 0 },
    // What it begins with, and the 500 open runs that a worker keeps at hand, about 0.7 MB each.
    below('memory of the product', footprints(samples, 'product', 'rssBytes'), mega(900), megabytes),
    below('memory of the Temporal server', footprints(samples, 'temporal', 'rssBytes'), mega(700), megabytes),
    below('open files of the product', footprints(samples, 'product', 'openFiles'), 250, plain),
    below('open files of the Temporal server', footprints(samples, 'temporal', 'openFiles'), 250, plain),
    below("log of the inbox's file", samples.map(({ files }) => files.inboxLog), mega(128), megabytes),
    below("log of Temporal's file", samples.map(({ files }) => files.temporalLog), mega(128), megabytes),
    inboxGrowth(samples, ledger.acknowledged, endedMs),
  ];
}

/** What a restart refuses is delivered again, so it counts; the rest is what the load is late by when it ends. */
const leastLoad = 0.9;

function loaded(acknowledged: number, planned: number): Check {
  return { what: 'messages acknowledged, of those planned', found: `${acknowledged} of ${plain(planned)}`, bound: `at least ${plain(100 * leastLoad)} %`, ok: planned > 0 && acknowledged >= leastLoad * planned };
}

function disturbed({ due, happened, failures }: Measured['incidents']): Check {
  return { what: 'incidents that happened, of those due', found: [`${happened} of ${due}`, ...failures].join('; '), bound: 'all', ok: due > 0 && happened === due && failures.length === 0 };
}

/** What must be flat. Only of a last life that was long enough; undefined otherwise. */
export function flatnessChecks({ samples, windows, endedMs }: Measured): Check[] | undefined {
  const underLoad = samples.filter(({ atMs }) => atMs <= endedMs);
  const lives = { product: livesOf(underLoad, ({ product }) => product?.pid), temporal: livesOf(underLoad, ({ temporal }) => temporal?.pid) };
  const [first, last] = [lives.product[0], lives.product.at(-1)];
  if (!first || !last || (last.at(-1)?.ageMs ?? 0) < leastLifeMs) return undefined;
  const beganMs = last[0]?.atMs ?? 0;
  const inLastLife = windows.filter(({ atMs }) => atMs >= beganMs && atMs <= endedMs);
  const points = (part: 'product' | 'temporal', figure: keyof Footprint): Point[] => (lives[part].at(-1) ?? []).map((sample) => ({ atMs: sample.atMs, value: sample[part]?.[figure] ?? NaN }));
  const times = (of: (window: Window) => number | undefined): Point[] => inLastLife.flatMap((window) => (of(window) === undefined ? [] : [{ atMs: window.atMs, value: of(window) as number }]));
  return [
    flat('memory of the product, last life', points('product', 'rssBytes'), { share: 0.3, floor: mega(60), show: megabytes }),
    flat('memory of the Temporal server, last life', points('temporal', 'rssBytes'), { share: 0.4, floor: mega(100), show: megabytes }),
    atTheSameAge(first, last),
    flat('open files of the product, last life', points('product', 'openFiles'), { share: 0.1, floor: 30, show: plain }),
    flat('open files of the Temporal server, last life', points('temporal', 'openFiles'), { share: 0.1, floor: 30, show: plain }),
    flat('acknowledgement, p50', times(({ acknowledgement }) => acknowledgement?.p50), { share: 1, floor: 20, show: milliseconds }),
    flat('acknowledgement, p99', times(({ acknowledgement }) => acknowledgement?.p99), { share: 1, floor: 60, show: milliseconds }),
    flat('from the 200 to the reply, p50', times(({ reply }) => reply?.p50), { share: 1, floor: 200, show: milliseconds }),
  ];
}

/** A life that begins with a large ledger and a large database takes no more than the first one did at that age. */
function atTheSameAge(first: ReadonlyArray<Sample & { ageMs: number }>, last: ReadonlyArray<Sample & { ageMs: number }>): Check {
  const untilMs = first.at(-1)?.ageMs ?? 0;
  const level = (life: typeof first) => median(life.filter(({ ageMs }) => ageMs >= untilMs / 3 && ageMs <= untilMs).map(({ product }) => product?.rssBytes ?? NaN));
  const [before, after] = [level(first), level(last)];
  const most = before * 1.2 + mega(20);
  return { what: 'memory of the product at the same age, first and last life', found: `${megabytes(before)}, ${megabytes(after)}`, bound: `at most ${megabytes(most)}`, ok: after <= most };
}

/** A row of the ledger has about 85 bytes, on pages that random GUIDs fill to two thirds; what waits in between is erased. */
const ledgerBytes = 200;

function inboxGrowth(samples: readonly Sample[], messages: number, endedMs: number): Check {
  const sizes = samples.filter(({ atMs }) => atMs <= endedMs).map(({ files }) => files.inbox);
  const grown = (sizes.at(-1) ?? 0) - (sizes[0] ?? 0);
  const most = messages * ledgerBytes + mega(2);
  return { what: "growth of the inbox's file", found: `${megabytes(grown)}, ${plain(grown / messages)} bytes a message`, bound: `at most ${megabytes(most)}`, ok: grown <= most };
}

function footprints(samples: readonly Sample[], part: 'product' | 'temporal', figure: keyof Footprint): number[] {
  return samples.flatMap((sample) => (sample[part] ? [sample[part][figure]] : []));
}
