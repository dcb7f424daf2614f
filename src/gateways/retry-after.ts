/**
 * How long a `Retry-After` header asks us to wait, in milliseconds: 0 where its date has passed,
 * undefined where it is absent or is neither whole seconds nor an HTTP date.
 * `Date.parse` alone would take `-5` for a month of 2001, hence the look at the date's two ends.
 */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  if (!/^[a-z]{3,9}, .+ GMT$/i.test(header)) return undefined;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
