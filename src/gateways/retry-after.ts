/**
 * Parses a `Retry-After` header into milliseconds: 0 for a date in the past, undefined when the header is absent or is
 * neither whole seconds nor an HTTP date. The pattern is needed because `Date.parse` reads `-5` as a month of 2001.
 */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  if (!/^[a-z]{3,9}, .+ GMT$/i.test(header)) return undefined;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
