import { afterEach, expect, it, vi } from 'vitest';
import { NotAcceptedError, type Post } from '../../src/domain/intake.js';
import { Committer, type CommitterOptions } from '../../src/inbox/committer.js';
import type { Change } from '../../src/inbox/database.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { eventually } from '../kit/eventually.js';

afterEach(() => void vi.restoreAllMocks());

const aPost = (): Post => ({ messages: [aMessage()], rejected: [] });

function committer(run: (change: Change) => Promise<void>, deadlineMs = 1_000): Committer {
  const thread = { run: (_operation: string, change: Change) => run(change), isBroken: () => false };
  return new Committer({
    thread: thread as unknown as CommitterOptions['thread'],
    log: silentLog,
    deadlineMs,
    onCommitted: () => {},
  });
}

it('each post that becomes late gets a response, at whatever moment it does', async () => {
  const never = new Promise<void>(() => {});
  const posts = committer(() => never, 100);
  // Time goes on between any two looks at the clock.
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs++);
  let answered = 0;
  for (let count = 0; count < 50; count++)
    posts.accept(aPost()).catch((error: unknown) => (expect(error).toBeInstanceOf(NotAcceptedError), answered++));
  await eventually(() => answered === 50);
});

it('many notes go in several commits, in order, and hold up no post', async () => {
  const commits: Change[] = [];
  const notes = committer(async (change) => void commits.push(change));
  const seqs = Array.from({ length: 1_200 }, (_, index) => index);
  for (const seq of seqs) notes.note((change) => void change.forwarded.push({ seq, apart: [] }));
  await notes.accept(aPost());
  expect(commits).toHaveLength(1);
  await notes.close();
  expect(commits.map(({ forwarded }) => forwarded.length)).toEqual([500, 500, 200]);
  expect(commits.flatMap(({ forwarded }) => forwarded.map(({ seq }) => seq))).toEqual(seqs);
});

it('what waits for a commit is limited in number and in size', async () => {
  const posts = committer(() => new Promise<void>(() => {}));
  const refusalOf = (post: Post) =>
    Promise.race([
      posts.accept(post).catch((error: Error) => error.message),
      new Promise((resolve) => setImmediate(resolve, 'waits')),
    ]);
  const long = aMessage({ text: 'x'.repeat(40_000) });
  const longPost: Post = { messages: Array.from({ length: 500 }, () => long), rejected: [] };
  for (let count = 0; count < 3; count++) expect(await refusalOf(longPost)).toBe('waits');
  expect(await refusalOf(longPost)).toBe('1500 messages already wait for a commit');
  const many: Post = { messages: Array.from({ length: 8_500 }, () => aMessage()), rejected: [] };
  expect(await refusalOf(many)).toBe('waits');
  expect(await refusalOf(aPost())).toBe('10000 messages already wait for a commit');
});
