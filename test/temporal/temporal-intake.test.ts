import { describe, expect, it } from 'vitest';
import { NotAcceptedError } from '../../src/domain/intake.js';
import { createTemporalIntake } from '../../src/temporal/temporal-intake.js';
import { eventually } from '../kit/eventually.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { messages, setUp } from './temporal-intake-setup.js';

const numbered = (count: number) => messages(...Array.from({ length: count }, (_, index) => `m${index}`));

describe('a post', () => {
  it('is accepted once all its workflows are started, and not before', async () => {
    const { starts, accept } = setUp();
    const post = accept(...messages('a', 'b', 'c'));
    await starts.succeed('c');
    await starts.succeed('a');
    await eventually(() => starts.ended.length === 2);
    expect(post.settled()).toBeUndefined();
    await starts.succeed('b');
    expect(await post.result).toBe('accepted');
  });

  it('without messages is accepted at once, and its rejected ones are logged without their raw form', async () => {
    const { intake, starts, events } = setUp();
    await intake.accept({
      messages: [],
      rejected: [{ index: 3, reason: 'guid: missing', raw: '{"message":"private"}' }],
    });
    expect(starts.begun).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ event: 'message.rejected', index: 3, reason: 'guid: missing' })]);
    expect(JSON.stringify(events)).not.toContain('private');
  });

  it('of a workflow that already exists is accepted', async () => {
    const { log } = recordingLog();
    const intake = createTemporalIntake({
      startWorkflow: async () => 'duplicate',
      forwardReceipt: async () => {},
      takeOver: async () => {},
      log,
    });
    await expect(intake.accept({ messages: messages('a'), rejected: [] })).resolves.toBeUndefined();
  });

  it('that takes too long is not accepted, and begins no more starts', async () => {
    const { starts, accept } = setUp({ deadlineMs: 30, concurrency: 2 });
    const error = await accept(...messages('a', 'b', 'c', 'd')).result;
    expect(error).toBeInstanceOf(NotAcceptedError);
    expect(error).toMatchObject({ message: expect.stringContaining('4 of 4') });
    starts.succeedAll();
    await eventually(() => starts.ended.length === 2);
    expect(await accept(...messages('later')).result).toBe('accepted');
    expect(starts.begun).toEqual(['a', 'b', 'later']);
  });

  it('meets its deadline even when earlier ones use every slot', async () => {
    const { starts, accept } = setUp({ deadlineMs: 30, concurrency: 1 });
    const first = accept(...messages('a'));
    const second = accept(...messages('b'));
    expect(await Promise.all([first.result, second.result])).toEqual([
      expect.any(NotAcceptedError),
      expect.any(NotAcceptedError),
    ]);
    expect(starts.begun).toEqual(['a']);
  });
});

describe('the starts that run at once', () => {
  it('are limited over all posts, and all get their turn', async () => {
    const { starts, accept } = setUp({ concurrency: 5 });
    starts.state.atOnce = true;
    const posts = Array.from({ length: 10 }, (_, post) =>
      accept(...Array.from({ length: 20 }, (__, index) => aMessage({ id: `${post}-${index}` }))),
    );
    expect(new Set(await Promise.all(posts.map(({ result }) => result)))).toEqual(new Set(['accepted']));
    expect(starts.state.maxAtOnce).toBe(5);
    expect(new Set(starts.begun).size).toBe(200);
    expect(starts.begun).toHaveLength(200);
  });

  it('are as many as the limit, also after failures', async () => {
    const { starts, accept } = setUp({ concurrency: 3 });
    const failing = accept(...messages('a', 'b', 'c'));
    for (const guid of ['a', 'b', 'c']) await starts.fail(guid, new Error('unavailable'));
    await failing.result;
    const next = accept(...numbered(5));
    await eventually(() => starts.state.running === 3);
    expect(starts.begun.slice(3)).toEqual(['m0', 'm1', 'm2']);
    starts.succeedAll();
    expect(await next.result).toBe('accepted');
    expect(starts.state.maxAtOnce).toBe(3);
  });
});

describe('a repeated post', () => {
  it('continues where the last one stopped and starts nothing twice', async () => {
    const { starts, accept } = setUp({ deadlineMs: 500, concurrency: 2 });
    const batch = messages('a', 'b', 'c', 'd', 'e', 'f');
    const first = accept(...batch);
    for (const guid of ['a', 'b', 'c']) await starts.succeed(guid);
    expect(await first.result).toMatchObject({ name: 'NotAcceptedError', message: expect.stringContaining('3 of 6') });
    starts.succeedAll();
    await eventually(() => starts.state.running === 0);

    expect(await accept(...batch).result).toBe('accepted');
    expect(starts.begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(await accept(...batch).result).toBe('accepted');
    expect(starts.begun).toHaveLength(6);
  });

  it('is accepted through the starts that the late one began', async () => {
    const { starts, accept } = setUp({ deadlineMs: 300 });
    expect(await accept(...messages('a')).result).toBeInstanceOf(NotAcceptedError);
    const again = accept(...messages('a'));
    await starts.succeed('a');
    expect(await again.result).toBe('accepted');
    expect(starts.begun).toEqual(['a']);
  });

  it('while the late one still waits is started within its own deadline', async () => {
    const { starts, accept } = setUp({ deadlineMs: 500, concurrency: 1 });
    expect(await accept(...messages('blocks', 'waits')).result).toBeInstanceOf(NotAcceptedError);
    // `waits` still stands in the queue of the late post, which by itself would not start it any more.
    const again = accept(...messages('waits'));
    await starts.succeed('blocks');
    await starts.succeed('waits');
    expect(await again.result).toBe('accepted');
    expect(starts.ended).toEqual(['blocks', 'waits']);
  });

  it('that is late too is not acknowledged without a start', async () => {
    const { starts, accept } = setUp({ deadlineMs: 30, concurrency: 1 });
    const batch = messages('blocks', 'waits');
    for (let post = 1; post <= 3; post++) expect(await accept(...batch).result).toBeInstanceOf(NotAcceptedError);
    await starts.succeed('blocks');
    starts.succeedAll();
    expect(await accept(...batch).result).toBe('accepted');
    expect(starts.begun).toEqual(['blocks', 'waits']);
  });

  it('at the moment when the late one gives up is acknowledged only when it is started', async () => {
    for (let moment = 0; moment < 20; moment++) {
      const { starts, accept } = setUp({ deadlineMs: 5, concurrency: 1 });
      expect(await accept(...messages('blocks', 'waits')).result).toBeInstanceOf(NotAcceptedError);
      starts.succeedAll();
      for (let microtask = 0; microtask < moment; microtask++) await Promise.resolve();
      const outcome = await accept(...messages('waits')).result;
      if (outcome === 'accepted') expect(starts.ended).toContain('waits');
      else expect(outcome).toBeInstanceOf(NotAcceptedError);
    }
  });

  it('at any moment is acknowledged only when it is started', async () => {
    const { starts, accept } = setUp({ deadlineMs: 20, concurrency: 3 });
    starts.state.atOnce = true;
    const batch = numbered(500);
    const outcomes: unknown[] = [];
    const postAgain = async () => {
      for (let outcome: unknown; outcome !== 'accepted'; outcomes.push(outcome)) {
        outcome = await accept(...batch).result;
        if (outcome === 'accepted') expect(starts.ended).toHaveLength(batch.length);
        else expect(outcome).toBeInstanceOf(NotAcceptedError);
      }
    };
    await Promise.all(Array.from({ length: 5 }, postAgain));
    expect(outcomes.length).toBeGreaterThan(5);
    expect(starts.begun).toHaveLength(batch.length);
    expect(new Set(starts.begun).size).toBe(batch.length);
  });
});

describe('the same GUID', () => {
  it('50 times at once is started once, and each waits for it', async () => {
    const { starts, accept } = setUp();
    const posts = Array.from({ length: 50 }, () => accept(...messages('same')));
    await eventually(() => starts.begun.length > 0);
    expect(posts.map(({ settled }) => settled())).toEqual(Array(50).fill(undefined));
    await starts.succeed('same');
    expect(await Promise.all(posts.map(({ result }) => result))).toEqual(Array(50).fill('accepted'));
    expect(starts.begun).toEqual(['same']);
  });

  it('50 times at once fails for each when its start fails', async () => {
    const { starts, accept } = setUp();
    const posts = Array.from({ length: 50 }, () => accept(...messages('same')));
    await starts.fail('same', new Error('unavailable'));
    for (const { result } of posts) expect(await result).toBeInstanceOf(NotAcceptedError);
    expect(starts.begun).toEqual(['same']);
  });

  it('several times in one batch is started once', async () => {
    const { starts, accept } = setUp({ concurrency: 1 });
    starts.state.atOnce = true;
    expect(await accept(...messages('a', 'b', 'a', 'a', 'b')).result).toBe('accepted');
    expect(starts.begun).toEqual(['a', 'b']);
  });
});

it('a start that fails leaves the post not accepted, with its cause, and the next one tries again', async () => {
  const { starts, accept } = setUp();
  const unavailable = new Error('14 UNAVAILABLE');
  const first = accept(...messages('a', 'b'));
  await starts.succeed('a');
  await starts.fail('b', unavailable);
  expect(await first.result).toMatchObject({
    name: 'NotAcceptedError',
    message: expect.stringContaining('1 of 2'),
    cause: unavailable,
  });

  starts.state.atOnce = true;
  expect(await accept(...messages('a', 'b')).result).toBe('accepted');
  expect(starts.begun).toEqual(['a', 'b', 'b']);
});
