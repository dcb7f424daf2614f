import { median } from '../report/statistics.js';

export interface Point {
  atMs: number;
  value: number;
}

/** The change of a figure from the middle third of its time to the last third; the first third is its warm-up. */
export interface Trend {
  /** The median of the middle third, so that peaks don't count; `to`: the median of the last third. */
  from: number;
  to: number;
  /** The time between the middles of both thirds, in hours. */
  hours: number;
  risePerHour: number;
}

/** Returns undefined when a third has no point. */
export function trendOf(points: readonly Point[]): Trend | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return undefined;
  const thirdMs = (last.atMs - first.atMs) / 3;
  const valuesIn = (third: number) =>
    points
      .filter(({ atMs }) => atMs >= first.atMs + third * thirdMs && atMs <= first.atMs + (third + 1) * thirdMs)
      .map(({ value }) => value);
  const [from, to] = [median(valuesIn(1)), median(valuesIn(2))];
  const hours = thirdMs / 3_600_000;
  if (Number.isNaN(from) || Number.isNaN(to) || hours === 0) return undefined;
  return { from, to, hours, risePerHour: (to - from) / hours };
}

/** Splits the samples by process id. Each sample gets its age since the first sample of the process. */
export function livesOf<Sample extends { atMs: number }>(
  samples: readonly Sample[],
  pidOf: (sample: Sample) => number | undefined,
): Array<Array<Sample & { ageMs: number }>> {
  const lives: Array<{ pid: number; samples: Array<Sample & { ageMs: number }> }> = [];
  for (const sample of samples) {
    const pid = pidOf(sample);
    if (pid === undefined) continue;
    if (lives.at(-1)?.pid !== pid) lives.push({ pid, samples: [] });
    const life = (lives.at(-1) as (typeof lives)[number]).samples;
    life.push({ ...sample, ageMs: sample.atMs - (life[0]?.atMs ?? sample.atMs) });
  }
  return lives.map((life) => life.samples);
}
