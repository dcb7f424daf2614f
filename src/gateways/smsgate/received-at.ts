/** As the app writes it: `2026-11-24T14:40:00.000+01:00`. */
const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * Parses the time of a text into ISO 8601 in UTC. Undefined for any other format: on Android 6 the app writes offsets
 * west of Greenwich that can't be parsed.
 */
export function receivedAtOf(written: string): string | undefined {
  const at = pattern.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
