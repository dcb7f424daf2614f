import { afterEach, expect, it, vi } from 'vitest';
import { createRunPoller } from '../../../src/demo/phone/run-poller.js';
import type { RunDetails } from '../../../src/temporal/runs/run.js';

const run: RunDetails = {
  workflowId: 'w',
  runId: 'r',
  state: 'failed',
  startedAt: '2026-01-01T00:00:00.000Z',
  url: '/',
};
const ignored = { isWatched: () => true, onRun: () => {}, onResponse: () => {} };

afterEach(() => void vi.useRealTimers());

it('a text has one poll at a time, however often it is hurried', async () => {
  let answer: (run: RunDetails) => void = () => {};
  const show = vi.fn(() => new Promise<RunDetails>((resolve) => (answer = resolve)));
  const onRun = vi.fn();
  const follower = createRunPoller({ ...ignored, show, onRun });
  follower.follow('a');
  follower.follow('a');
  follower.hurry('a');
  follower.hurryAll();
  expect(show).toHaveBeenCalledTimes(1);
  answer(run);
  await vi.waitUntil(() => onRun.mock.calls.length === 1);
  follower.hurry('a');
  expect(show).toHaveBeenCalledTimes(2);
  follower.close();
});

it('a run that does not change is polled less and less often, down to every 30 s, and reported once', async () => {
  vi.useFakeTimers();
  const show = vi.fn(async () => run);
  const onRun = vi.fn();
  const follower = createRunPoller({ ...ignored, show, onRun });
  follower.follow('a');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(show.mock.calls.length).toBeGreaterThan(5);
  await vi.advanceTimersByTimeAsync(3_600_000);
  show.mockClear();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(show.mock.calls.length).toBe(10);
  follower.hurry('a');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(show.mock.calls.length).toBeGreaterThan(12);
  expect(onRun).toHaveBeenCalledTimes(1);
  follower.close();
  show.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(show).not.toHaveBeenCalled();
});

it('a result for a text that was dropped meanwhile is ignored', async () => {
  let answer: (run: RunDetails) => void = () => {};
  const onRun = vi.fn();
  const follower = createRunPoller({ ...ignored, onRun, show: () => new Promise((resolve) => (answer = resolve)) });
  follower.follow('a');
  follower.forget('a');
  answer(run);
  await new Promise(setImmediate);
  expect(onRun).not.toHaveBeenCalled();
});
