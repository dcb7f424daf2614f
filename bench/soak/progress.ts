import type { Journal } from './journal.js';
import type { startSampler } from './sampler.js';
import { megabytes } from './checks.js';

const everyMs = 30_000;

/** Prints a line every 30 s, to show that the run continues. */
export function printProgress(
  journal: Journal,
  { samples }: Pick<ReturnType<typeof startSampler>, 'samples'>,
  startedAt: number,
): { stop(): void } {
  const timer = setInterval(() => {
    const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
    const latest = samples.at(-1);
    const memory = [latest?.product, latest?.temporal]
      .map((footprint) => (footprint ? megabytes(footprint.rssBytes) : 'down'))
      .join(' and ');
    console.log(
      `${minutes} min: ${journal.acknowledged.length} acknowledged, ${journal.sent.length} replies, ` +
        `${latest?.depth ?? '?'} in the inbox, ${latest?.parked ?? '?'} parked, ${memory}`,
    );
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}
