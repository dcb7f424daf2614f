import { describe, expect, it } from 'vitest';
import { createJournal } from '../../bench/soak/journal.js';
import { createPosts, type LoadText } from '../../bench/soak/load/posts.js';
import { livesOf, trendOf } from '../../bench/soak/trend.js';
import { createRandom } from '../faults/random.js';

describe('the journal of a soak', () => {
  it('puts the times of posts and of first replies into the windows in which they were acknowledged', () => {
    const journal = createJournal();
    const report = { posts: { new: 2 }, postedAgain: { 0: 3 }, open: 0 };
    journal.reported({
      ...report,
      times: [
        { at: 1_000, ms: 4 },
        { at: 1_900, ms: 6 },
      ],
      acknowledged: [{ workflowId: 'a', number: '+1', silent: false, at: 1_004 }],
    });
    journal.reported({
      ...report,
      times: [],
      acknowledged: [{ workflowId: 'b', number: '+2', silent: false, at: 2_500 }],
    });
    for (const reply of [
      { to: '+1', at: 9_004 },
      { to: '+1', at: 9_999 },
      { to: '+2', at: 2_490 },
    ])
      journal.replied(reply);
    expect(journal.windows(1_000, 1_000)).toEqual([
      { atMs: 500, acknowledgement: { p50: 4, p99: 6, max: 6 }, reply: { p50: 8_000, p99: 8_000 } },
      { atMs: 1_500, reply: { p50: 0, p99: 0 } },
    ]);
    expect(journal.posts).toEqual({ new: 4 });
    expect(journal.postedAgain).toEqual({ 0: 6 });
  });

  it('takes the first third of a figure for its warm-up, and does not count peaks', () => {
    const points = Array.from({ length: 91 }, (_, index) => ({
      atMs: index * 60_000,
      value: index < 30 ? index : index % 10 === 5 ? 9_999 : index < 60 ? 100 : 110,
    }));
    expect(trendOf(points)).toMatchObject({ from: 100, to: 110, hours: 0.5, risePerHour: 20 });
  });

  it('knows each life of a process by its id', () => {
    const samples = [1, 1, undefined, 2, 2].map((pid, index) => ({ atMs: index * 10, pid }));
    expect(livesOf(samples, ({ pid }) => pid).map((life) => life.map(({ ageMs }) => ageMs))).toEqual([
      [0, 10],
      [0, 10],
    ]);
  });
});

describe('the posts of a soak', () => {
  it('are mostly single new texts with their own GUID and number, and some of everything else that gateways send', () => {
    const posts = createPosts(createRandom(1));
    const kinds = { new: 0, again: 0, 'known-guid': 0, invalid: 0, conversation: 0 };
    const texts: LoadText[] = [];
    const others: LoadText[] = [];
    for (let index = 0; index < 2_000; index++) {
      for (const post of posts.next(20)) {
        kinds[post.kind]++;
        if (post.kind === 'known-guid') others.push(...post.texts);
        if (post.kind !== 'new') continue;
        texts.push(...post.texts);
        posts.acknowledged(post.texts);
      }
    }
    expect(kinds.new).toBe(2_000);
    expect(kinds.again / kinds.new).toBeGreaterThan(0.1);
    expect(kinds.again / kinds.new).toBeLessThan(0.2);
    expect(Math.min(kinds['known-guid'], kinds.invalid)).toBeGreaterThan(0);
    expect(texts.length).toBeGreaterThan(kinds.new);
    expect(new Set(texts.map(({ guid }) => guid)).size).toBe(texts.length);
    expect(new Set(texts.map(({ number }) => number)).size).toBe(texts.length);
    expect(texts.some(({ silent }) => silent)).toBe(true);

    const byGuid = new Map(texts.map((text) => [text.guid, text]));
    for (const { guid, workflowId, number } of others) {
      expect(workflowId).toBe(`${guid}-2`);
      expect(byGuid.get(guid)?.number).not.toBe(number);
    }
    expect(new Set(others.map(({ workflowId }) => workflowId)).size).toBe(others.length);
  });
});
