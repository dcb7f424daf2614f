import type { Kind } from './kind.js';
import { longestPhrase } from './lexicon.js';
import type { Sentence } from './normalize.js';
import { correct } from './spelling.js';

/** A word or phrase of a text and what it does there. `other` is a word the rules don't know. */
export interface Item {
  kind: Kind | 'other';
  text: string;
}

/** How a clause follows on the one before it. */
export type Link = 'next' | 'but' | 'amend' | 'sentence';

export interface Clause {
  items: Item[];
  link: Link;
  /** Whether a question mark ends this very clause. */
  asked: boolean;
}

const contractions = new Map(
  Object.entries({
    'i am': 'im', 'we are': 'were', 'you are': 'youre', 'it is': 'its', 'that is': 'thats', 'do not': 'dont',
    'does not': 'doesnt', 'did not': 'didnt', 'will not': 'wont', 'would not': 'wouldnt', 'is not': 'isnt', 'are not': 'arent',
    'can not': 'cant', 'could not': 'couldnt', 'was not': 'wasnt', 'have not': 'havent', 'should not': 'shouldnt', 'what is': 'whats', 'who is': 'whos',
  }),
);
const conjunctions = new Set(['and', 'so', 'because', 'since', 'cause', 'cuz', 'as', 'et', 'y', 'then', 'n']);
const subjects = new Set(['i', 'im', 'ill', 'ive', 'id', 'we', 'were', 'weve', 'yo', 'je', 'nous', 'on', 'its', 'thats', 'it']);

const verdicts = new Set<Kind | 'other'>(['yes', 'no', 'bareNo', 'agree', 'refuse', 'like', 'dislike', 'good', 'bad', 'indeed', 'act', 'agreeAtEnd', 'refuseAtEnd']);

/** Cuts a sentence into clauses: at commas, contrasts, second thoughts, "and I", and where a question follows an answer. */
export function toClauses(sentence: Sentence): Clause[] {
  const clauses: Clause[] = [];
  let link: Link = 'sentence';
  let items: Item[] = [];
  const finish = (next: Link): void => {
    if (items.length > 0) {
      clauses.push({ items, link, asked: false });
      link = next;
    } else if (next !== 'next') link = next;
    items = [];
  };
  for (const run of sentence.runs) {
    const words = contract(run.map(correct));
    for (let index = 0; index < words.length; ) {
      const { kind, end } = longestPhrase(words, index) ?? { kind: 'other' as const, end: index + 1 };
      const text = words.slice(index, end).join(' ');
      const following = words[end] ?? '';
      if (kind === 'but') finish('but');
      else if (kind === 'amend') finish('amend');
      else {
        if ((kind === 'ask' || kind === 'whatIf') && items.some((item) => verdicts.has(item.kind))) {
          if (end < words.length || isAnswer(items)) finish('next');
        }
        items.push({ kind: kind === 'other' && /^\p{N}/u.test(text) ? 'filler' : kind, text });
        if (conjunctions.has(text) && subjects.has(following)) finish('next');
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
function isAnswer(items: Item[]): boolean {
  const before = items.at(-1);
  return before?.kind === 'yes' || before?.kind === 'bareNo' || ['ok', 'okay', 'sure', 'great', 'cool'].includes(before?.text ?? '');
}

function contract(words: string[]): string[] {
  const contracted: string[] = [];
  for (const word of words) {
    const pair = contractions.get(`${contracted.at(-1) ?? ''} ${word}`);
    if (pair) contracted.splice(-1, 1, pair);
    else contracted.push(word);
  }
  return contracted;
}
