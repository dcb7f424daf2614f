import { expect, it } from 'vitest';
import { messageHash } from '../../src/temporal/message-hash.js';
import { aMessage } from '../helpers/messages.js';

const hashOf = (from: string, text: string) => messageHash(aMessage({ from, text }));

it.each([
  ['the number in another notation', '15550001234', 'Café'],
  ['the number with 00', '001 555 000-1234', 'Café'],
  ['the number without its country code', '555 000 1234', 'Café'],
  ['white space around the text', '+15550001234', '\n Café  '],
  ['another Unicode form of the text', '+15550001234', 'Cafe\u0301'],
])('is the same for %s', (_what, from, text) => {
  expect(hashOf(from, text)).toBe(hashOf('+15550001234', 'Café'));
});

it.each([
  ['another text', '+15550001234', 'Cafe'],
  ['other white space inside the text', '+15550001234', 'Caf é'],
  ['another sender', '+15550001235', 'Café'],
  ['a name', 'MPESA', 'Café'],
])('is another for %s', (_what, from, text) => {
  expect(hashOf(from, text)).not.toBe(hashOf('+15550001234', 'Café'));
});

it('is another for another name', () => {
  expect(hashOf('MPESA', 'Café')).not.toBe(hashOf('DPESA', 'Café'));
});
