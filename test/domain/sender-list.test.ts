import { expect, it } from 'vitest';
import { createSenderOf } from '../../src/domain/sender.js';
import { createSenderList } from '../../src/domain/sender-list.js';

const us = createSenderOf('US');

it.each([
  ['a number in another notation', ['(202) 555-0123'], '+12025550123', true],
  ['another number', ['+12025550123'], '+12025550124', false],
  ['a prefix', ['+4479*'], '+447900123456', true],
  ['a prefix with a space before its star', ['+4479 *'], '+447900123456', true],
  ['another prefix', ['+4479*'], '+447800123456', false],
  ['a name', ['MYBANK'], 'MYBANK', true],
  ['the beginning of a name', ['MYBANK'], 'MYBANK2', false],
  ['a short code', ['32665'], '32665', true],
  ['an empty list', [], '+12025550123', false],
])('%s', (_name, entries, sender, isListed) => {
  expect(createSenderList(entries, us)(us(sender))).toBe(isListed);
});
