import { lexicon, longestPhrase } from './lexicon.js';
import type { Sentence } from './normalize.js';
import { correct } from './spelling.js';
import type { TokenKind } from './token-kind.js';

/** A word or phrase of a text and what it does there. `other` is a word the rules don't know. */
export interface Token {
  kind: TokenKind | 'other';
  text: string;
}

/** How a clause follows on the one before it. */
export type Link = 'next' | 'but' | 'correction' | 'sentence';

export interface Clause {
  tokens: Token[];
  link: Link;
  /** Whether a question mark ends this very clause. */
  asked: boolean;
}

/** What says something by itself, so that a question behind it is a clause of its own. */
const statements = new Set<Token['kind']>([
  'yes',
  'no',
  'no_or_none',
  'agree',
  'refuse',
  'like',
  'dislike',
  'good',
  'bad',
  'certainly',
  'act',
  'agree_at_end',
  'refuse_at_end',
]);

/**
 * Cuts a sentence into clauses: at commas, contrasts, corrections, "and I", and where a question follows a statement.
 */
export function splitIntoClauses(sentence: Sentence): Clause[] {
  const { clause_joiners: joiners, subjects } = lexicon().words;
  const clauses: Clause[] = [];
  let link: Link = 'sentence';
  let tokens: Token[] = [];
  const finish = (next: Link): void => {
    if (tokens.length > 0) {
      clauses.push({ tokens, link, asked: false });
      link = next;
    } else if (next !== 'next') link = next;
    tokens = [];
  };
  for (const run of sentence.runs) {
    const words = contract(run.map(correct));
    for (let index = 0; index < words.length;) {
      const { kind, end } = longestPhrase(words, index) ?? { kind: 'other' as const, end: index + 1 };
      const text = words.slice(index, end).join(' ');
      if (kind === 'but' || kind === 'correction') finish(kind);
      else {
        if ((kind === 'question' || kind === 'condition') && mayFollow(tokens, end < words.length)) finish('next');
        tokens.push({ kind: kind === 'other' && /^\p{N}/u.test(text) ? 'filler' : kind, text });
        if (joiners.has(text) && subjects.has(words[end] ?? '')) finish('next');
      }
      index = end;
    }
    finish('next');
  }
  const last = clauses.at(-1);
  if (last) last.asked = sentence.asked;
  return clauses;
}

/** Whether a question may follow without a comma: "sure when" is two clauses, "agree to what" is one. */
function mayFollow(tokens: readonly Token[], questionGoesOn: boolean): boolean {
  if (!tokens.some(({ kind }) => statements.has(kind))) return false;
  const before = tokens.at(-1);
  return (
    questionGoesOn ||
    before?.kind === 'yes' ||
    before?.kind === 'no_or_none' ||
    lexicon().words.question_may_follow.has(before?.text ?? '')
  );
}

function contract(words: readonly string[]): string[] {
  const { contractions } = lexicon();
  const contracted: string[] = [];
  for (const word of words) {
    const one = contractions.get(`${contracted.at(-1) ?? ''} ${word}`);
    if (one) contracted.splice(-1, 1, one);
    else contracted.push(word);
  }
  return contracted;
}
