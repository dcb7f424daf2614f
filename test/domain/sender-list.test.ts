import { expect, it } from 'vitest';
import { createSenderOf } from '../../src/domain/sender.js';
import { createMayReply, createSenderList } from '../../src/domain/sender-list.js';

const us = createSenderOf('US');

it.each([
  ['a number in another notation', ['(202) 555-0123'], '+12025550123', true],
  ['another number', ['+12025550123'], '+12025550124', false],
  ['a prefix', ['+4479*'], '+447900123456', true],
  ['a prefix with a space before its star', ['+4479 *'], '+447900123456', true],
  ['a prefix in another notation', ['00 44 79*'], '+447900123456', true],
  ['another prefix', ['+4479*'], '+447800123456', false],
  ['a name', ['MYBANK'], 'MYBANK', true],
  ['the beginning of a name', ['MYBANK'], 'MYBANK2', false],
  ['a short code', ['32665'], '32665', true],
  ['an empty list', [], '+12025550123', false],
])('%s', (_name, entries, sender, isListed) => {
  expect(createSenderList(entries, us)(us(sender))).toBe(isListed);
});

it('a sender may be replied to when it is allowed and not denied', () => {
  const may = (sender: string, lists: { allow?: string[]; deny?: string[] }) =>
    createMayReply({ allow: lists.allow, deny: lists.deny ?? [] }, us)(sender);
  expect(may('+12025550123', {})).toBe(true);
  expect(may('+12025550123', { deny: ['+1202*'] })).toBe(false);
  expect(may('+12025550123', { allow: ['+1202*'] })).toBe(true);
  expect(may('+12025550123', { allow: ['+1303*'] })).toBe(false);
  expect(may('+12025550123', { allow: ['+1202*'], deny: ['+12025550123'] })).toBe(false);
});
