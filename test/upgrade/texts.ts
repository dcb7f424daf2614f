import { setTimeout as sleep } from 'node:timers/promises';
import { aPost } from '../helpers/messages.js';

/** What must become of a text. `ReplyFailed`: its reply is parked. */
type Fate = 'sent' | 'skipped' | 'ReplyFailed';

export interface Text {
  guid: string;
  number: string;
  fate: Fate;
}

/** What a sender writes. By default a text of a number of its own that is answered. */
interface Written {
  number?: string;
  message?: string;
  fate?: Fate;
}

/** All texts of one test, each acknowledged, and what must become of each. */
export interface Texts {
  all: ReadonlyMap<string, Text>;
  /** Posts that were not answered 200, and were repeated. */
  failedPosts: () => number;
  write(written?: Written): Promise<Text>;
  /** Posts texts of different numbers in one batch. */
  writeBatch(count: number): Promise<Text[]>;
  /** Repeats no post any more: the test has failed. */
  giveUp(): void;
}

/** How long a gateway waits until it repeats a post that failed. */
const repeatAfterMs = 200;

/** @param post posts once, and returns the status; 0 when there was no response */
export function createTexts(post: (body: unknown) => Promise<number>): Texts {
  const all = new Map<string, Text>();
  let failedPosts = 0;
  let isOver = false;
  const nextNumber = () => `+1555${String(all.size).padStart(7, '0')}`;

  function compose({ number = nextNumber(), message = 'Yes, I agree', fate = 'sent' }: Written) {
    const text: Text = { guid: `text-${all.size}`, number, fate };
    all.set(text.guid, text);
    // A release that doesn't know `pictures` ignores it.
    return { text, body: { ...aPost({ message }), guid: text.guid, number, pictures: 1 } };
  }

  async function postUntilAcknowledged(body: unknown): Promise<void> {
    while (!isOver && (await post(body)) !== 200) {
      failedPosts++;
      await sleep(repeatAfterMs);
    }
  }

  return {
    all,
    failedPosts: () => failedPosts,
    giveUp: () => void (isOver = true),
    async write(written = {}) {
      const { text, body } = compose(written);
      await postUntilAcknowledged(body);
      return text;
    },
    async writeBatch(count) {
      const composed = Array.from({ length: count }, () => compose({}));
      await postUntilAcknowledged({ messages: composed.map(({ body }) => body) });
      return composed.map(({ text }) => text);
    },
  };
}

/** Texts of different numbers, so many a second, until `stop`, which waits until all are acknowledged. */
export function startTraffic(texts: Pick<Texts, 'write'>, perSecond: number): { stop(): Promise<void> } {
  const underWay: Array<Promise<unknown>> = [];
  const ticks = setInterval(() => underWay.push(texts.write()), 1_000 / perSecond);
  return {
    async stop() {
      clearInterval(ticks);
      await Promise.all(underWay);
    },
  };
}
