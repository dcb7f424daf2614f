import { randomUUID } from 'node:crypto';

/** A text of the load. Its number is its own, since the gateway sees no GUID, and the answer must be counted for it. */
export interface LoadText {
  guid: string;
  number: string;
  message: string;
  /** Whether it gets no reply. */
  silent: boolean;
}

export interface LoadPost {
  kind: 'new' | 'again' | 'conflict' | 'invalid';
  texts: LoadText[];
  body: string;
  /** The status of its answer. */
  expected: 200 | 422;
}

const answered = ['Yes, I agree', 'No', 'ok 👍', 'I do not agree, please call me back', 'What is this about?', 'oui', 'Sí, de acuerdo', 'Maybe later. I am at work until six, and then I would have to ask at home first.'];
const silent = 'STOP';

/** Shares of the posts; a redelivery, a conflict and an invalid post come beside a new one. */
const shares = { batch: 0.03, silent: 0.01, again: 0.15, conflict: 0.003, invalid: 0.005 };
const largestBatch = 10;

/** How many acknowledged texts may be delivered again: those of the last minutes. */
const mostKnown = 2_000;

/** Makes the posts of a gateway: mostly single texts, and what real gateways do beside. */
export function createPosts(random: () => number) {
  const known: LoadText[] = [];
  let count = 0;
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;

  function newText(): LoadText {
    const isSilent = random() < shares.silent;
    return { guid: randomUUID(), number: `+1555${String(++count).padStart(7, '0')}`, message: isSilent ? silent : pick(answered), silent: isSilent };
  }

  return {
    /** The next new texts, and what comes beside them; at most `most` new ones. */
    next(most: number): LoadPost[] {
      const size = random() < shares.batch ? 2 + Math.floor(random() * (largestBatch - 1)) : 1;
      const posts = [aPost('new', Array.from({ length: Math.min(size, Math.max(1, most)) }, newText))];
      if (random() < shares.again && known.length > 0) posts.push(aPost('again', [pick(known)]));
      if (random() < shares.conflict && known.length > 0) posts.push(aPost('conflict', [{ ...pick(known), message: `Another text ${count}` }]));
      if (random() < shares.invalid) posts.push({ kind: 'invalid', texts: [], body: JSON.stringify({ guid: randomUUID(), message: 'A text without a number' }), expected: 422 });
      return posts;
    },

    /** From now on these may come again. */
    acknowledged(texts: readonly LoadText[]): void {
      known.push(...texts);
      if (known.length > mostKnown) known.splice(0, known.length - mostKnown);
    },
  };
}

function aPost(kind: LoadPost['kind'], texts: LoadText[]): LoadPost {
  const items = texts.map(({ guid, number, message }) => ({ date: '2025-01-20', hour: '10:15:00', time_received: '2025-01-20 10:14:50', guid, number, message }));
  return { kind, texts, body: JSON.stringify(items.length === 1 ? items[0] : { messages: items }), expected: 200 };
}
