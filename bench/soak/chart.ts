import { type Line, lines, type Mark } from '../report/lines.js';
import type { Event } from './incidents.js';
import type { Window } from './journal.js';
import type { SoakRun } from './report.js';
import type { FileSizes, Footprint, Sample } from './sample.js';
import type { Measured } from './verdict.js';

const megabyte = 1_048_576;

/** Draws the chart of docs/soak.md: one panel per figure over the time of the run. */
export function soakChart({
  run,
  measured: { samples, windows },
  events,
}: {
  run: SoakRun;
  measured: Pick<Measured, 'samples' | 'windows'>;
  events: readonly Event[];
}): string {
  const sampled = (name: string, strong: boolean, of: (sample: Sample) => number | undefined): Line => ({
    name,
    strong,
    points: samples.map((sample) => [sample.atMs, of(sample)]),
  });
  const windowed = (name: string, strong: boolean, of: (window: Window) => number | undefined): Line => ({
    name,
    strong,
    points: windows.map((window) => [window.atMs, of(window)]),
  });
  const processes = (figure: keyof Footprint, unit = 1) => [
    sampled('Answerback', true, ({ product }) => product && product[figure] / unit),
    sampled('Temporal', false, ({ temporal }) => temporal && temporal[figure] / unit),
  ];
  const file = (name: string, strong: boolean, which: keyof FileSizes) =>
    sampled(name, strong, ({ files }) => files[which] / megabyte);
  return lines({
    title: `${run.minutes.toFixed(0)} minutes at ${run.perSecond} messages a second`,
    subtitle:
      `Product stopped or killed: solid. Temporal killed: dashed. Gateway fails: shaded. ${run.cores} ` +
      `cores, Node ${run.node}.`,
    endMs: Math.max(samples.at(-1)?.atMs ?? 0, windows.at(-1)?.atMs ?? 0),
    marks: events.flatMap(markOf),
    panels: [
      { title: 'Memory (RSS), MB', lines: processes('rssBytes', megabyte) },
      { title: 'Open files', lines: processes('openFiles') },
      { title: 'Inbox on disk, MB', lines: [file('file', true, 'inbox'), file('its log', false, 'inboxLog')] },
      {
        title: "Temporal's database, MB",
        lines: [file('file', true, 'temporal'), file('its log', false, 'temporalLog')],
      },
      {
        title: 'Acknowledgement, ms',
        logarithmic: true,
        lines: [
          windowed('p99', false, ({ acknowledgement }) => acknowledgement?.p99),
          windowed('p50', true, ({ acknowledgement }) => acknowledgement?.p50),
        ],
      },
      {
        title: 'From the 200 to the reply, ms',
        logarithmic: true,
        lines: [windowed('p99', false, ({ reply }) => reply?.p99), windowed('p50', true, ({ reply }) => reply?.p50)],
      },
      {
        title: 'Waiting messages',
        lines: [sampled('parked', false, ({ parked }) => parked), sampled('in the inbox', true, ({ depth }) => depth)],
      },
    ],
  });
}

function markOf({ what, fromMs, untilMs }: Event): Mark[] {
  switch (what) {
    case 'product stopped':
    case 'product killed':
      return [{ kind: 'line', atMs: fromMs }];
    case 'Temporal killed':
      return [{ kind: 'dashed', atMs: fromMs }];
    case 'gateway fails':
      return [{ kind: 'shade', atMs: fromMs, untilMs }];
    case 'released':
    case 'storm':
    case 'loops':
    case 'loops resumed':
      return [];
  }
}
