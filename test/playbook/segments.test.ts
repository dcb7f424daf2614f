import { describe, expect, it } from 'vitest';
import { describeSegments, segmentsOf } from '../../src/playbook/segments.js';

describe('the number of SMS of a text', () => {
  it.each([
    ['a'.repeat(160), 1, 'GSM-7'],
    ['a'.repeat(161), 2, 'GSM-7'],
    ['a'.repeat(306), 2, 'GSM-7'],
    ['a'.repeat(307), 3, 'GSM-7'],
    ['€'.repeat(80), 1, 'GSM-7'],
    ['€'.repeat(81), 2, 'GSM-7'],
    ['’'.repeat(70), 1, 'UCS-2'],
    ['’'.repeat(71), 2, 'UCS-2'],
    ['👍'.repeat(35), 1, 'UCS-2'],
    ['👍'.repeat(36), 2, 'UCS-2'],
    // A pair must not be cut: 33 in each of several.
    ['👍'.repeat(67), 3, 'UCS-2'],
  ])('%j', (text, segments, encoding) => {
    expect(segmentsOf(text)).toMatchObject({ segments, encoding });
  });

  it('names the characters that cost most', () => {
    expect(describeSegments(segmentsOf('It’s fine 👍'))).toBe('1 SMS (UCS-2, for "’" "👍")');
    expect(describeSegments(segmentsOf('Fine'))).toBe('1 SMS (GSM-7)');
  });
});
