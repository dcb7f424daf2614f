import { distance } from 'fastest-levenshtein';

const maxEdits = 3;

/**
 * Suggests the candidate that was probably meant: the only one that starts with the typed text, or the one that needs
 * the fewest edits. At most a third of its characters may differ, and at most three.
 */
export function suggest(typed: string, candidates: Iterable<string>): string | undefined {
  const all = [...new Set(candidates)];
  const [only, ...others] = typed === '' ? [] : all.filter((candidate) => candidate.startsWith(typed));
  if (only !== undefined && others.length === 0) return only;
  const similar = all
    .map((candidate) => ({ candidate, edits: editsBetween(typed, candidate) }))
    .filter(({ candidate, edits }) => {
      const longest = Math.max(typed.length, candidate.length);
      return edits <= Math.min(maxEdits, Math.ceil(longest / 3));
    })
    .sort((one, other) => one.edits - other.edits);
  return similar[0]?.candidate;
}

/** The end of an error message: `; did you mean X?`, or nothing. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const candidate = suggest(typed, candidates);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}

function editsBetween(typed: string, candidate: string): number {
  // A GUID may have 1,000 characters: skip the work when the lengths alone differ too much.
  return Math.abs(typed.length - candidate.length) > maxEdits ? Infinity : distance(typed, candidate);
}
