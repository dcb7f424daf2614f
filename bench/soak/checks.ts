import { type Point, trendOf } from './trend.js';

/** One thing that must hold, and what was found. */
export interface Check {
  what: string;
  found: string;
  bound: string;
  ok: boolean;
}

export interface Flatness {
  /** What a rise may be, as a share of the level. */
  share: number;
  /** A rise that is never too much. */
  floor: number;
  /** Whether the rise counts as it was or as it would be in an hour. */
  per: 'hour' | 'run';
  show: (value: number) => string;
}

/** Whether a figure stayed where it was, its warm-up apart. */
export function flat(what: string, points: readonly Point[], { share, floor, per, show }: Flatness): Check {
  const trend = trendOf(points);
  if (!trend) return { what, found: 'too few samples', bound: '', ok: false };
  const rise = per === 'hour' ? trend.risePerHour : trend.to - trend.from;
  const most = Math.max(share * trend.from, floor);
  const suffix = per === 'hour' ? ' an hour' : '';
  return { what, found: `${show(trend.from)}, later ${show(trend.to)}: ${rise < 0 ? '−' : '+'}${show(Math.abs(rise))}${suffix}`, bound: `at most +${show(most)}${suffix}`, ok: rise <= most };
}

/** Whether a figure never went above a bound. */
export function below(what: string, values: readonly number[], most: number, show: (value: number) => string): Check {
  const highest = Math.max(...values);
  return { what, found: values.length > 0 ? `at most ${show(highest)}` : 'no samples', bound: `at most ${show(most)}`, ok: highest <= most && values.length > 0 };
}

/** Whether nothing of this kind was found. */
export function none(what: string, found: number, some = ''): Check {
  return { what, found: found === 0 ? 'none' : `${found}${some}`, bound: 'none', ok: found === 0 };
}

const megabyte = 1_048_576;
export const megabytes = (bytes: number) => `${(bytes / megabyte).toFixed(bytes < 10 * megabyte ? 1 : 0)} MB`;
export const milliseconds = (ms: number) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
export const plain = (value: number) => value.toFixed(0);
export const mega = (value: number) => value * megabyte;
