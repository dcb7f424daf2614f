/**
 * The candidate that somebody may have meant: the only one that begins so, or the one that is fewest slips away, of which there
 * may be a third of its length and at most three.
 */
export function suggest(typed: string, candidates: Iterable<string>): string | undefined {
  const all = [...new Set(candidates)];
  const [only, ...others] = typed === '' ? [] : all.filter((candidate) => candidate.startsWith(typed));
  if (only !== undefined && others.length === 0) return only;
  const near = all
    .map((candidate) => ({ candidate, slips: slipsBetween(typed, candidate) }))
    .filter(({ candidate, slips }) => slips <= Math.min(3, Math.ceil(Math.max(typed.length, candidate.length) / 3)))
    .sort((one, other) => one.slips - other.slips);
  return near[0]?.candidate;
}

/** As the end of a sentence: `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const meant = suggest(typed, candidates);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

/** Characters to add, drop, change or swap (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  // Too far apart anyway, and a GUID may have 1,000 characters.
  if (Math.abs(one.length - other.length) > 3) return Infinity;
  const rows = [Array.from({ length: other.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    rows.push(next);
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + (same ? 0 : 1), swapped ? at(row - 2, column - 2) + 1 : Infinity));
    }
  }
  return at(one.length, other.length);
}
