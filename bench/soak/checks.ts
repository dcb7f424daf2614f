import { type Point, trendOf } from './trend.js';

/** One thing that must hold, and what was found. */
export interface Check {
  what: string;
  found: string;
  bound: string;
  ok: boolean;
}

export interface Flatness {
  /** What it may rise in an hour, as a share of its level. */
  share: number;
  /** What it may rise in an hour, however low it is. */
  floor: number;
  show: (value: number) => string;
}

/** Whether a figure stayed where it was, its warm-up apart. */
export function flat(what: string, points: readonly Point[], { share, floor, show }: Flatness): Check {
  const trend = trendOf(points);
  if (!trend) return { what, found: 'too few samples', bound: '', ok: false };
  const { from, to, risePerHour: rise } = trend;
  const most = Math.max(share * from, floor);
  return { what, found: `${show(from)}, later ${show(to)}: ${rise < 0 ? '−' : '+'}${show(Math.abs(rise))} an hour`, bound: `at most +${show(most)} an hour`, ok: rise <= most };
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
