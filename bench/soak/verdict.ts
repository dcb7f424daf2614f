import { median } from '../report/statistics.js';
import { below, type Check, flat, mega, megabytes, milliseconds, namedNone, none, plain } from './checks.js';
import { conversationChecks } from './conversations/checks.js';
import type { ConversationLedger } from './conversations/ledger.js';
import type { Window } from './journal.js';
import type { Footprint, Sample } from './sample.js';
import type { Ledger } from './settle.js';
import { livesOf, type Point } from './trend.js';

/** The measurements of a run. Times are in milliseconds since the start. */
export interface Measured {
  samples: readonly Sample[];
  windows: readonly Window[];
  /** The ordinary load. */
  ledger: Ledger;
  /** The storms of STOPs, and the loops. */
  conversations: ConversationLedger;
  /** When the load ended. */
  endedMs: number;
  /** The number of new messages that the load was planned to send until then. */
  planned: number;
  /** Scheduled incidents until then: how many were due, how many happened, and why others failed. */
  incidents: { due: number; happened: number; failures: readonly string[] };
  /** Messages in the inbox at the end. */
  depthAtEnd: number | undefined;
  /** Posts that never got the expected response. */
  neverAccepted: number;
  /** The number of unexpected responses by status; 0: no response. */
  postedAgain: Readonly<Record<string, number>>;
  crashes: number;
}

/** The minimum last life of a process, in milliseconds: long enough to tell a leak in a third of it from noise. */
const minLifeMs = 15 * 60_000;

/** The checks of every run: the load and the incidents happened, no message was lost, and nothing is far too large. */
export function alwaysChecks({
  samples,
  ledger,
  conversations,
  endedMs,
  planned,
  incidents,
  depthAtEnd,
  neverAccepted,
  postedAgain,
  crashes,
}: Measured): Check[] {
  const wrong = Object.entries(postedAgain).filter(([status]) => status !== '0' && status !== '503');
  const wrongResponses = wrong.reduce((sum, [, count]) => sum + count, 0);
  const statuses = `: ${wrong.map(([status]) => status).join(', ')}`;
  return [
    loaded(ledger.acknowledged, planned),
    disturbed(incidents),
    namedNone('messages acknowledged, then lost', ledger.lost),
    namedNone('messages with two replies', ledger.twice),
    namedNone('messages without a reply and without a reason', ledger.unanswered),
    namedNone('unwanted replies', ledger.notSilent),
    ...conversationChecks(conversations),
    none('replies left parked', ledger.parked),
    none('posts that were never accepted', neverAccepted),
    none('responses other than 200, 422 and 503', wrongResponses, statuses),
    none('crashes of the product', crashes),
    { what: 'messages left in the inbox', found: String(depthAtEnd ?? 'unknown'), limit: '0', ok: depthAtEnd === 0 },
    // Its memory at the start, and the 500 open runs that a worker caches, about 0.7 MB each.
    below('memory of the product', footprints(samples, 'product', 'rssBytes'), mega(900), megabytes),
    below('memory of the Temporal server', footprints(samples, 'temporal', 'rssBytes'), mega(700), megabytes),
    below('open files of the product', footprints(samples, 'product', 'openFiles'), 250, plain),
    below('open files of the Temporal server', footprints(samples, 'temporal', 'openFiles'), 250, plain),
    below(
      "log of the inbox's file",
      samples.map(({ files }) => files.inboxLog),
      mega(128),
      megabytes,
    ),
    below(
      "log of Temporal's file",
      samples.map(({ files }) => files.temporalLog),
      mega(128),
      megabytes,
    ),
    inboxGrowth(samples, ledger.acknowledged + textsIn(conversations), endedMs),
  ];
}

/** Counts the acknowledged texts of storms and loops. */
export const textsIn = ({ texts }: ConversationLedger) => Object.values(texts).reduce((sum, count) => sum + count, 0);

/**
 * The minimum share of acknowledged messages. Posts that fail during a restart are sent again; the load may end a bit
 * late.
 */
const minLoad = 0.9;

function loaded(acknowledged: number, planned: number): Check {
  return {
    what: 'messages acknowledged, of those planned',
    found: `${acknowledged} of ${plain(planned)}`,
    limit: `at least ${plain(100 * minLoad)} %`,
    ok: planned > 0 && acknowledged >= minLoad * planned,
  };
}

function disturbed({ due, happened, failures }: Measured['incidents']): Check {
  return {
    what: 'incidents that happened, of those due',
    found: [`${happened} of ${due}`, ...failures].join('; '),
    limit: 'all',
    ok: due > 0 && happened === due && failures.length === 0,
  };
}

/** The checks that figures stay flat during the last life of a process; undefined when that life was too short. */
export function flatnessChecks({ samples, windows, endedMs }: Measured): Check[] | undefined {
  const underLoad = samples.filter(({ atMs }) => atMs <= endedMs);
  const lives = {
    product: livesOf(underLoad, ({ product }) => product?.pid),
    temporal: livesOf(underLoad, ({ temporal }) => temporal?.pid),
  };
  const [first, last] = [lives.product[0], lives.product.at(-1)];
  if (!first || !last || (last.at(-1)?.ageMs ?? 0) < minLifeMs) return undefined;
  const beganMs = last[0]?.atMs ?? 0;
  const inLastLife = windows.filter(({ atMs }) => atMs >= beganMs && atMs <= endedMs);
  const points = (part: 'product' | 'temporal', figure: keyof Footprint): Point[] =>
    (lives[part].at(-1) ?? []).map((sample) => ({ atMs: sample.atMs, value: sample[part]?.[figure] ?? NaN }));
  const times = (of: (window: Window) => number | undefined): Point[] =>
    inLastLife.flatMap((window) =>
      of(window) === undefined ? [] : [{ atMs: window.atMs, value: of(window) as number }],
    );
  return [
    flat('memory of the product, last life', points('product', 'rssBytes'), {
      share: 0.3,
      floor: mega(60),
      show: megabytes,
    }),
    flat('memory of the Temporal server, last life', points('temporal', 'rssBytes'), {
      share: 0.4,
      floor: mega(100),
      show: megabytes,
    }),
    atTheSameAge(first, last),
    flat('open files of the product, last life', points('product', 'openFiles'), {
      share: 0.1,
      floor: 30,
      show: plain,
    }),
    flat('open files of the Temporal server, last life', points('temporal', 'openFiles'), {
      share: 0.1,
      floor: 30,
      show: plain,
    }),
    flat(
      'acknowledgement, p50',
      times(({ acknowledgement }) => acknowledgement?.p50),
      { share: 1, floor: 20, show: milliseconds },
    ),
    flat(
      'acknowledgement, p99',
      times(({ acknowledgement }) => acknowledgement?.p99),
      { share: 1, floor: 60, show: milliseconds },
    ),
    flat(
      'from the 200 to the reply, p50',
      times(({ reply }) => reply?.p50),
      { share: 1, floor: 200, show: milliseconds },
    ),
  ];
}

/**
 * Checks that the last life, which starts with a large ledger and database, uses no more memory than the first at the
 * same age.
 */
function atTheSameAge(
  first: ReadonlyArray<Sample & { ageMs: number }>,
  last: ReadonlyArray<Sample & { ageMs: number }>,
): Check {
  const untilMs = first.at(-1)?.ageMs ?? 0;
  const level = (life: typeof first) =>
    median(
      life
        .filter(({ ageMs }) => ageMs >= untilMs / 3 && ageMs <= untilMs)
        .map(({ product }) => product?.rssBytes ?? NaN),
    );
  const [before, after] = [level(first), level(last)];
  const maxBytes = before * 1.2 + mega(20);
  return {
    what: 'memory of the product at the same age, first and last life',
    found: `${megabytes(before)}, ${megabytes(after)}`,
    limit: `at most ${megabytes(maxBytes)}`,
    ok: after <= maxBytes,
  };
}

/**
 * Bytes per message: a ledger row has about 85 bytes, and random GUIDs fill pages to two thirds; pending rows are
 * erased.
 */
const ledgerBytes = 200;

function inboxGrowth(samples: readonly Sample[], messages: number, endedMs: number): Check {
  const sizes = samples.filter(({ atMs }) => atMs <= endedMs).map(({ files }) => files.inbox);
  const grown = (sizes.at(-1) ?? 0) - (sizes[0] ?? 0);
  const maxBytes = messages * ledgerBytes + mega(2);
  return {
    what: "growth of the inbox's file",
    found: `${megabytes(grown)}, ${plain(grown / messages)} bytes a message`,
    limit: `at most ${megabytes(maxBytes)}`,
    ok: grown <= maxBytes,
  };
}

function footprints(samples: readonly Sample[], part: 'product' | 'temporal', figure: keyof Footprint): number[] {
  return samples.flatMap((sample) => (sample[part] ? [sample[part][figure]] : []));
}
