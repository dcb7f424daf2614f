import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { problemsOf } from './problems-of.js';

it.each([
  ['0s', 0],
  ['45s', 45_000],
  ['90m', 5_400_000],
  ['24h', 86_400_000],
  ['30d', 2_592_000_000],
])('REPLY_MAX_AGE=%s is %d ms', (value, ms) => {
  expect(loadConfig({ REPLY_MAX_AGE: value }).replyMaxAgeMs).toBe(ms);
});

it.each(['24', 'h', '-1h', '1.5h', '1 h', '1w', '24H', '1h30m', '9999999s'])('%j is not a duration', (value) => {
  expect(problemsOf({ REPLY_MAX_AGE: value })).toEqual([expect.stringContaining('REPLY_MAX_AGE must be')]);
});

it.each([
  ['x'.repeat(16), true],
  ['x'.repeat(200), true],
  ['aZ09._~-aZ09._~-', true],
  ['x'.repeat(15), false],
  ['x'.repeat(201), false],
  ['sixteen characters', false],
  ['percent%20percent', false],
])('WEBHOOK_SECRET=%s is valid: %s', (value, fits) => {
  expect(problemsOf({ WEBHOOK_SECRET: value })).toHaveLength(fits ? 0 : 1);
});

it.each([
  ['0.01', true],
  ['0.5', true],
  ['1', true],
  ['6000', true],
  ['0.009', false],
  ['6000.1', false],
  ['6001', false],
  ['-1', false],
  ['.5', false],
  ['30/h', false],
])('a limit of %s replies a minute is valid: %s', (value, taken) => {
  expect(problemsOf({ SMS_PER_MINUTE: value }).length === 0).toBe(taken);
});

it('a limit of one gateway replaces the limit of all', () => {
  const { limits } = loadConfig({ SMS_PER_MINUTE: '30', SMS_PER_MINUTE_SMSMOBILEAPI: '2' });
  expect(limits.smsPerMinute).toMatchObject({ smsmobileapi: 2, twilio: 30 });
});

it.each([
  [{}, { model: 'gpt-6-luna', reasoningEffort: 'none' }],
  [{ OPENAI_REASONING_EFFORT: 'low' }, { model: 'gpt-6-luna', reasoningEffort: 'low' }],
  [{ OPENAI_MODEL: 'mine' }, { model: 'mine', reasoningEffort: undefined }],
  [
    { OPENAI_MODEL: 'mine', OPENAI_REASONING_EFFORT: 'low' },
    { model: 'mine', reasoningEffort: 'low' },
  ],
])('only the default model is asked to reason less without being told: %j', (set, asked) => {
  expect(loadConfig({ OPENAI_API_KEY: 'sk-1', ...set }).openai).toMatchObject(asked);
});

it.each([
  ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ['2026-01-02T03:04:05.5+01:00', Date.UTC(2026, 0, 2, 2, 4, 5, 500)],
])('RESTORED_AT=%s is %d in Unix milliseconds', (value, ms) => {
  expect(loadConfig({ RESTORED_AT: value }).restoredAtMs).toBe(ms);
});

it.each(['yesterday', '2026-01-02', '2026-01-02T03:04:05', new Date(Date.now() + 3_600_000).toISOString()])(
  'RESTORED_AT=%s is refused: it has no zone, or is in the future',
  (value) => {
    expect(problemsOf({ RESTORED_AT: value })).toEqual([expect.stringContaining('RESTORED_AT must be a time')]);
  },
);
