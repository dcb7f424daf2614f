import { expect, it } from 'vitest';
import { retryAfterMs } from '../../src/gateways/retry-after.js';

const now = Date.parse('2026-03-01T12:00:00Z');

it.each([
  ['0', 0],
  ['120', 120_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  [undefined, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['Sun, 99 Mar 2026 12:00:30 GMT', undefined],
  ['2026-03-01T12:00:30Z', undefined],
])('Retry-After %j asks for %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
