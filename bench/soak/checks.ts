import { type Point, trendOf } from './trend.js';

/** The result of one check. */
export interface Check {
  what: string;
  found: string;
  limit: string;
  ok: boolean;
}

export interface Flatness {
  /** The maximum rise per hour, as a share of its level. */
  share: number;
  /** A rise per hour that is always allowed, however low the level is. */
  floor: number;
  show: (value: number) => string;
}

/** Checks that a figure didn't rise too much after its warm-up. */
export function flat(what: string, points: readonly Point[], { share, floor, show }: Flatness): Check {
  const trend = trendOf(points);
  if (!trend) return { what, found: 'too few samples', limit: '', ok: false };
  const { from, to, risePerHour: rise } = trend;
  const maxRise = Math.max(share * from, floor);
  return {
    what,
    found: `${show(from)}, later ${show(to)}: ${rise < 0 ? '−' : '+'}${show(Math.abs(rise))} an hour`,
    limit: `at most +${show(maxRise)} an hour`,
    ok: rise <= maxRise,
  };
}

/** Checks that a figure never exceeded its maximum. */
export function below(what: string, values: readonly number[], max: number, show: (value: number) => string): Check {
  const highest = Math.max(...values);
  return {
    what,
    found: values.length > 0 ? `at most ${show(highest)}` : 'no samples',
    limit: `at most ${show(max)}`,
    ok: highest <= max && values.length > 0,
  };
}

/** Checks that nothing of this kind was found. */
export function none(what: string, found: number, examples = ''): Check {
  return { what, found: found === 0 ? 'none' : `${found}${examples}`, limit: 'none', ok: found === 0 };
}

/** Checks that nothing of this kind was found, and names up to three of what was. */
export function namedNone(what: string, ids: readonly string[]): Check {
  return none(what, ids.length, ids.length > 0 ? `, such as ${ids.slice(0, 3).join(', ')}` : '');
}

const megabyte = 1_048_576;
export const megabytes = (bytes: number) => `${(bytes / megabyte).toFixed(bytes < 10 * megabyte ? 1 : 0)} MB`;
export const milliseconds = (ms: number) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
export const plain = (value: number) => value.toFixed(0);
export const mega = (value: number) => value * megabyte;
