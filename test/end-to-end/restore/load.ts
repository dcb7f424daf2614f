import { setTimeout as sleep } from 'node:timers/promises';
import type { WrittenText } from '../../../src/demo/simulated-gateway/dialect.js';
import { aText } from './texts.js';

/** Texts under way. */
export interface Load {
  /** What was acknowledged so far, in this order. */
  acknowledged: WrittenText[];
  stop: () => Promise<void>;
}

const perSecond = 10;

/** Posts texts until it is stopped. */
export function startLoad(post: (text: WrittenText) => Promise<void>): Load {
  const acknowledged: WrittenText[] = [];
  const stopping = new AbortController();
  const posting = (async () => {
    const underWay: Promise<unknown>[] = [];
    while (!stopping.signal.aborted) {
      const text = aText();
      underWay.push(post(text).then(() => acknowledged.push(text)));
      await sleep(1_000 / perSecond);
    }
    await Promise.all(underWay);
  })();
  return {
    acknowledged,
    stop() {
      stopping.abort();
      return posting;
    },
  };
}
