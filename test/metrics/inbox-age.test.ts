import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { exportInbox } from '../../src/metrics/inbox.js';
import { readExposition } from '../helpers/exposition.js';
import { eventually } from '../kit/eventually.js';

/** Scrapes the age of the oldest message, which was accepted at this time; null when none waits. */
function ageOf(accepted: { atMs: number | null }): () => Promise<number> {
  const registry = new Registry();
  exportInbox(registry, {
    status: () => ({ depth: 1, stuck: 0, oldestAtMs: accepted.atMs, quarantined: 0, evicted: 0 }),
    freeBytes: () => undefined,
  });
  return async () => readExposition(await registry.metrics()).value('answerback_inbox_oldest_seconds');
}

it('the age of a message that was accepted under a clock that was ahead grows too', async () => {
  const age = ageOf({ atMs: Date.now() + 86_400_000 });
  expect(await age()).toBeGreaterThanOrEqual(0);
  await eventually(async () => (await age()) > 0.2);
});

it('the age counts from the acceptance, and begins again with the next message', async () => {
  const accepted: { atMs: number | null } = { atMs: Date.now() - 60_000 };
  const age = ageOf(accepted);
  expect(await age()).toBeGreaterThanOrEqual(60);
  accepted.atMs = Date.now() + 86_400_000;
  expect(await age()).toBeLessThan(5);
  accepted.atMs = null;
  expect(await age()).toBe(0);
});
