import { describeMachine, type Machine } from '../report/machine.js';
import { median } from '../report/statistics.js';
import { ms, table } from '../report/table.js';
import { type Check, megabytes } from './checks.js';
import { conversationFigures } from './conversations/figures.js';
import type { Event } from './incidents.js';
import { type Measured, textsIn } from './verdict.js';

export interface SoakRun extends Machine {
  /** The actual duration. */
  minutes: number;
  perSecond: number;
  seed: number;
  /** The day, ISO 8601. */
  startedAt: string;
}

export interface SoakReport {
  run: SoakRun;
  measured: Measured;
  events: readonly Event[];
  posts: Readonly<Record<string, number>>;
  always: readonly Check[];
  /** Undefined: the run was too short. */
  flatness: readonly Check[] | undefined;
}

/** Returns the report for the terminal and the docs. */
export function soakReport({ run, measured, events, posts, always, flatness }: SoakReport): string {
  const checks = [...(flatness ?? []), ...always];
  const failed = checks.filter(({ ok }) => !ok).length;
  return [
    `${run.startedAt}, ${describeMachine(run)}: ${run.minutes.toFixed(run.minutes < 10 ? 1 : 0)} min at ${run.perSecond} new messages/s. ${failed === 0 ? 'All checks passed.' : `**${failed} of ${checks.length} checks failed.**`}`,
    ...(flatness
      ? []
      : [
          '',
          'This run is too short to tell a drift from noise: ' +
            'only lost and repeated messages and wide limits were checked.',
        ]),
    '',
    table(
      ['', 'found', 'limit', ''],
      checks.map(({ what, found, limit, ok }) => [what, found, limit, ok ? 'held' : '**did not hold**']),
    ),
    '',
    table(['', ''], figures({ measured, events, posts })),
  ].join('\n');
}

function figures({ measured, events, posts }: Pick<SoakReport, 'measured' | 'events' | 'posts'>): string[][] {
  const { ledger, conversations, windows, samples, endedMs, postedAgain } = measured;
  const of = (kind: string) => String(posts[kind] ?? 0);
  const times = (what: Event['what']) => String(events.filter((event) => event.what === what).length);
  const middle = (values: Array<number | undefined>) => ms(median(values.filter((value) => value !== undefined)));
  return [
    ['messages acknowledged', String(ledger.acknowledged)],
    ['with one reply each', String(ledger.replied)],
    ['without a reply, as intended', String(ledger.silent)],
    [
      'duplicates, other texts under a known GUID, invalid posts',
      `${of('again')}, ${of('known-guid')}, ${of('invalid')}`,
    ],
    ['posts sent again: after no response, after a 503', `${postedAgain['0'] ?? 0}, ${postedAgain['503'] ?? 0}`],
    [
      'product stopped, killed; Temporal killed',
      `${times('product stopped')}, ${times('product killed')}; ${times('Temporal killed')}`,
    ],
    ...conversationFigures(conversations, times('storm')),
    ['times the gateway failed', times('gateway fails')],
    [
      'parked replies that an operator retried, or marked as sent',
      String(events.reduce((sum, { what, detail }) => sum + (what === 'released' ? Number(detail) : 0), 0)),
    ],
    [
      'acknowledgement p50, p99; medians of the windows, ms',
      middle(windows.map(({ acknowledgement }) => acknowledgement?.p50)) +
        `, ${middle(windows.map(({ acknowledgement }) => acknowledgement?.p99))}`,
    ],
    [
      'from the 200 to the reply p50, p99; medians of the windows, ms',
      `${middle(windows.map(({ reply }) => reply?.p50))}, ${middle(windows.map(({ reply }) => reply?.p99))}`,
    ],
    [
      "growth of Temporal's file, before its retention deletes runs",
      temporalGrowth(
        samples.filter(({ atMs }) => atMs <= endedMs),
        ledger.acknowledged + textsIn(conversations),
      ),
    ],
  ];
}

function temporalGrowth(samples: Measured['samples'], messages: number): string {
  const grown = (samples.at(-1)?.files.temporal ?? 0) - (samples[0]?.files.temporal ?? 0);
  return `${megabytes(grown)}, ${(grown / messages / 1_024).toFixed(1)} KB a message`;
}
