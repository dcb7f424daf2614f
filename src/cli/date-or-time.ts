import { z } from 'zod';
import { UsageError } from '../process/errors.js';
import { durationMs } from '../variables/kinds.js';

/** Parses a date, which is its midnight in UTC, or a time with its zone. */
export const dateOrTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => new Date(text));

/**
 * Parses the value of `--since`: a date, a time with its zone, or how long ago, such as `7d`. Nothing is older than
 * 1970, the first year that Temporal can search for.
 *
 * @throws {UsageError} for anything else
 */
export function sinceOf(typed: string): Date {
  const ago = durationMs.safeParse(typed).data;
  const since = ago === undefined ? dateOrTime.safeParse(typed).data?.getTime() : Date.now() - ago;
  if (since === undefined)
    throw new UsageError(
      '--since must be a date, a time with its zone or a number with s, m, h or d, ' +
        'such as 2026-11-01, 2026-11-01T10:00:00Z or 7d',
    );
  return new Date(Math.max(0, since));
}
