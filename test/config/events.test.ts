import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { eventsSecret } from '../helpers/receiver.js';
import { problemsOf } from './problems-of.js';

const url = 'https://example.com/events';
const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

it('events are told only when their address is set, without texts and to public addresses unless set', () => {
  expect(loadConfig({}).events).toBeUndefined();
  expect(loadConfig({ EVENTS_SECRET: eventsSecret, EVENTS_TEXTS: 'true' }).events).toBeUndefined();
  const set = { EVENTS_URL: url, EVENTS_SECRET: eventsSecret };
  expect(loadConfig(set).events).toEqual({ url, secret: eventsSecret, texts: false, private: false });
  expect(loadConfig({ ...set, EVENTS_TEXTS: 'true', EVENTS_PRIVATE: '1' }).events).toMatchObject({
    texts: true,
    private: true,
  });
});

it('an address without a secret is refused, with the command that makes one', () => {
  const [problem, ...others] = problemsOf({ EVENTS_URL: url });
  expect(problem).toContain('EVENTS_SECRET must be set when EVENTS_URL is');
  expect(problem).toContain('echo whsec_$(openssl rand -base64 32)');
  expect(others).toEqual([]);
});

it.each([
  secretOf(23),
  secretOf(65),
  secretOf(32).slice('whsec_'.length),
  'whsec_a secret that is no base64',
  'whsec_',
])('a secret that is no 24 to 64 bytes in base64 is refused: %s', (secret) => {
  expect(problemsOf({ EVENTS_URL: url, EVENTS_SECRET: secret })).toEqual([
    expect.stringContaining('EVENTS_SECRET must be `whsec_` and 24 to 64 random bytes'),
  ]);
});

it.each([24, 32, 64])('a secret of %s bytes is taken', (bytes) => {
  expect(loadConfig({ EVENTS_URL: url, EVENTS_SECRET: secretOf(bytes) }).events?.secret).toBe(secretOf(bytes));
});

it.each(['ftp://example.com', 'example.com', 'https://user:password@example.com'])(
  'an address that is no http(s) URL without a password is refused: %s',
  (address) => {
    expect(problemsOf({ EVENTS_URL: address, EVENTS_SECRET: eventsSecret })).toEqual([
      'EVENTS_URL must be an http(s) address',
    ]);
  },
);
