import { svg, text, width } from './svg.js';

/** A line of a chart, with times in milliseconds. A point without a value interrupts it. */
export interface Line {
  name: string;
  /** Highlighted: the main line of the panel. */
  strong: boolean;
  points: ReadonlyArray<readonly [atMs: number, value: number | undefined]>;
}

export type Mark = { kind: 'line' | 'dashed'; atMs: number } | { kind: 'shade'; atMs: number; untilMs: number };

export interface LineChart {
  title: string;
  subtitle: string;
  endMs: number;
  /** Drawn in every panel. */
  marks: readonly Mark[];
  panels: ReadonlyArray<{ title: string; logarithmic?: boolean; lines: readonly Line[] }>;
}

const [left, right] = [64, 92];
const [panelHeight, panelGap] = [84, 34];
const labelHeight = 15;
const at = (value: number) => value.toFixed(1);

/** Draws lines over time in stacked panels. Each panel has its own scale, from 0, or from 1 when it is logarithmic. */
export function lines({ title, subtitle, endMs, marks, panels }: LineChart): string {
  const x = (atMs: number) => left + (atMs / endMs) * (width - left - right);
  const parts = [text(0, 18, title, 'title'), text(0, 40, subtitle)];
  let top = 84;
  for (const panel of panels) {
    parts.push(text(0, top - 10, panel.title, 'group'), ...marks.map((mark) => markAt(mark, x, top)));
    const scale = scaleOf(panel.lines, panel.logarithmic ?? false);
    const y = (value: number) => top + panelHeight - scale.share(value) * panelHeight;
    for (const tick of scale.ticks)
      parts.push(
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`,
        text(left - 8, y(tick) + 4, tick.toLocaleString('en'), 'label', 'end'),
      );
    for (const line of panel.lines)
      parts.push(
        ...runsOf(line).map(
          (run) =>
            `<polyline class="${line.strong ? 'strong-line' : 'line'}" points="${run.map(([atMs, value]) => `${at(x(atMs))},${at(y(value))}`).join(' ')}"/>`,
        ),
      );
    parts.push(...namesOf(panel.lines, y));
    top += panelHeight + panelGap;
  }
  for (const minute of minuteTicks(endMs / 60_000))
    parts.push(
      text(x(minute * 60_000), top - panelGap + 16, minute === 0 ? '0 min' : String(minute), 'label', 'middle'),
    );
  return svg(title, top - panelGap + 24, parts);
}

function markAt(mark: Mark, x: (atMs: number) => number, top: number): string {
  if (mark.kind === 'shade')
    return `<rect class="shade" x="${at(x(mark.atMs))}" y="${top}" width="${at(Math.max(1, x(mark.untilMs) - x(mark.atMs)))}" height="${panelHeight}"/>`;
  return `<line class="${mark.kind === 'dashed' ? 'event dashed' : 'event'}" x1="${at(x(mark.atMs))}" x2="${at(x(mark.atMs))}" y1="${top}" y2="${top + panelHeight}"/>`;
}

interface Scale {
  /** From 0 at the bottom to 1 at the top. */
  share(value: number): number;
  ticks: number[];
}

function scaleOf(all: readonly Line[], logarithmic: boolean): Scale {
  const highest = Math.max(1, ...all.flatMap(({ points }) => points.map(([, value]) => value ?? 0)));
  if (logarithmic) {
    const decades = Math.max(1, Math.ceil(Math.log10(highest)));
    return {
      share: (value) => Math.log10(Math.max(1, value)) / decades,
      ticks: Array.from({ length: decades + 1 }, (_, decade) => 10 ** decade),
    };
  }
  const step = niceStep(highest / 2);
  const top = step * Math.ceil(highest / step);
  return {
    share: (value) => value / top,
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step),
  };
}

/** Rounds up to the next of 1, 2, 5, 10, … */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

function minuteTicks(minutes: number): number[] {
  const step = niceStep(minutes / 8);
  return Array.from({ length: Math.floor(minutes / step) + 1 }, (_, index) => index * step);
}

/** Splits a line at its gaps. */
function runsOf({ points }: Line): Array<Array<[number, number]>> {
  const runs: Array<Array<[number, number]>> = [[]];
  for (const [atMs, value] of points) {
    if (value === undefined) runs.push([]);
    else runs.at(-1)?.push([atMs, value]);
  }
  return runs.filter(({ length }) => length > 0);
}

/** Draws the name of each line at its right end; names that would overlap are moved apart. */
function namesOf(all: readonly Line[], y: (value: number) => number): string[] {
  const ends = all
    .map(({ name, strong, points }) => ({
      name,
      strong,
      y: y(points.findLast(([, value]) => value !== undefined)?.[1] ?? 0),
    }))
    .sort((a, b) => a.y - b.y);
  ends.forEach((end, index) => {
    const above = ends[index - 1];
    if (above) end.y = Math.max(end.y, above.y + labelHeight);
  });
  return ends.map((end) => text(width - right + 8, end.y + 4, end.name, end.strong ? 'strong-name' : 'label'));
}
