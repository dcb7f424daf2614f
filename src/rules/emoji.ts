import type { Clause } from './scan.js';

/** What the emoji say where the words say nothing. */
export function readEmoji(clauses: Clause[]): 'yes' | 'no' | undefined {
  const items = clauses.filter((clause) => !clause.asked).flatMap((clause) => clause.items);
  const has = (kind: string): boolean => items.some((item) => item.kind === kind);
  const wordless = items.every((item) => !/[\p{L}\p{N}]/u.test(item.text));
  const agrees = has('thumbUp') || (wordless && has('cheer'));
  if (agrees === has('thumbDown') || has('shrug')) return undefined;
  return agrees ? 'yes' : 'no';
}
