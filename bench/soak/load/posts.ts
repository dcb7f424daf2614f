import { randomUUID } from 'node:crypto';

/**
 * A text of the load. Each has its own number, because the gateway doesn't get the GUID and replies are counted by
 * number.
 */
export interface LoadText {
  guid: string;
  /** The id of its run: the GUID, or the GUID with `-2` for the second text under it. */
  workflowId: string;
  number: string;
  message: string;
  /** True when it must get no reply. */
  silent: boolean;
}

export interface LoadPost {
  /** `known-guid`: another text under the GUID of one that was acknowledged. It is answered as well. */
  kind: 'new' | 'again' | 'known-guid' | 'invalid' | 'conversation';
  texts: LoadText[];
  body: string;
  /** The expected status of the response. */
  expected: 200 | 422;
}

const replyTexts = [
  'Yes, I agree',
  'No',
  'ok 👍',
  'I do not agree, please call me back',
  'What is this about?',
  'oui',
  'Sí, de acuerdo',
  'Maybe later. I am at work until six, and then I would have to ask at home first.',
];
const silentText = 'Leave me alone';

/** Shares of the posts. A duplicate, another text under a known GUID and an invalid post are sent in addition to a new one. */
const shares = { batch: 0.03, silent: 0.01, again: 0.15, knownGuid: 0.003, invalid: 0.005 };
const maxBatchMessages = 10;

/** The number of acknowledged texts that may be posted again: those of the last minutes. */
const maxKnown = 2_000;

/**
 * Creates posts like a real gateway: mostly single texts, and some batches, duplicates, other texts under a
 * known GUID, and invalid posts.
 */
export function createPosts(random: () => number) {
  const known: LoadText[] = [];
  const taken = new Set<string>();
  let count = 0;
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;

  function newText(): LoadText {
    const isSilent = random() < shares.silent;
    const guid = randomUUID();
    return {
      guid,
      workflowId: guid,
      number: `+1555${String(++count).padStart(7, '0')}`,
      message: isSilent ? silentText : pick(replyTexts),
      silent: isSilent,
    };
  }

  /** Takes the GUID of an old text, whose run has begun long ago, so that the id of the second run is certain. */
  function anotherText(guid: string): LoadText {
    taken.add(guid);
    return {
      ...newText(),
      guid,
      workflowId: `${guid}-2`,
      message: `Yes, this is another text: ${count}`,
      silent: false,
    };
  }

  return {
    /** Returns the next posts, with at most `maxNew` new texts. */
    next(maxNew: number): LoadPost[] {
      const size = random() < shares.batch ? 2 + Math.floor(random() * (maxBatchMessages - 1)) : 1;
      const posts = [aPost('new', Array.from({ length: Math.min(size, Math.max(1, maxNew)) }, newText))];
      if (random() < shares.again && known.length > 0) posts.push(aPost('again', [pick(known)]));
      if (random() < shares.knownGuid) {
        const guid = known.find((text) => text.workflowId === text.guid && !taken.has(text.guid))?.guid;
        if (guid !== undefined) posts.push(aPost('known-guid', [anotherText(guid)]));
      }
      if (random() < shares.invalid)
        posts.push({
          kind: 'invalid',
          texts: [],
          body: JSON.stringify({ guid: randomUUID(), message: 'A text without a number' }),
          expected: 422,
        });
      return posts;
    },

    /** Notes acknowledged texts; they may be posted again from now on. */
    acknowledged(texts: readonly LoadText[]): void {
      known.push(...texts);
      if (known.length > maxKnown) known.splice(0, known.length - maxKnown);
    },
  };
}

export function aPost(kind: LoadPost['kind'], texts: LoadText[]): LoadPost {
  const items = texts.map(({ guid, number, message }) => ({
    date: '2025-01-20',
    hour: '10:15:00',
    time_received: '2025-01-20 10:14:50',
    guid,
    number,
    message,
  }));
  return { kind, texts, body: JSON.stringify(items.length === 1 ? items[0] : { messages: items }), expected: 200 };
}
