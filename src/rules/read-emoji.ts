import type { Clause } from './split-clauses.js';
import type { TokenKind } from './token-kind.js';

/** What the emoji say where the words say nothing. */
export function readEmoji(clauses: readonly Clause[]): 'yes' | 'no' | undefined {
  const tokens = clauses.filter((clause) => !clause.asked).flatMap((clause) => clause.tokens);
  const has = (kind: TokenKind): boolean => tokens.some((token) => token.kind === kind);
  const wordless = tokens.every((token) => !/[\p{L}\p{N}]/u.test(token.text));
  const agrees = has('thumb_up') || (wordless && has('cheer'));
  if (agrees === has('thumb_down') || has('shrug')) return undefined;
  return agrees ? 'yes' : 'no';
}
