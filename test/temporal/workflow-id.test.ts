import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { workflowIdFor } from '../../src/temporal/workflow-id.js';

const hashed = (guid: string) => `guid-${createHash('sha256').update(guid).digest('hex')}`;

it.each([
  'test-001',
  'A',
  '0',
  '2f1c9c1e-6b0a-4d0b-9f55-0d8f1f2f9a10',
  'SM.1_2-3',
  '...',
  '.hidden',
  '-',
  '_',
  'x'.repeat(200),
])('the plain GUID %s is the id', (guid) => {
  expect(workflowIdFor(guid)).toBe(guid);
});

it.each([
  ['a slash', 'a/b'],
  ['a space', 'a b'],
  ['a colon', 'urn:uuid:1'],
  ['braces', '{2F1C9C1E}'],
  ['a percent sign', 'a%2Fb'],
  ['a line break at its end', 'test-001\n'],
  ['a NUL', 'a\u0000b'],
  ['a letter of another script', 'é'],
  ['an emoji', '😀'],
  ['the name of this folder', '.'],
  ['the name of the parent folder', '..'],
  ['201 characters', 'x'.repeat(201)],
  ['1,000 characters', 'ü'.repeat(1_000)],
])('a GUID with %s becomes its hash', (_what, guid) => {
  expect(workflowIdFor(guid)).toBe(hashed(guid));
});

it('the hash of a GUID is the same on every machine and in every version', () => {
  expect(workflowIdFor('a/b')).toBe('guid-c14cddc033f64b9dea80ea675cf280a015e672516090a5626781153dc68fea11');
});

const plain = fc.stringMatching(/^[A-Za-z0-9._-]{1,200}$/).filter((guid) => guid !== '.' && guid !== '..');
const anyGuid = fc.oneof(plain, fc.string({ unit: 'binary', minLength: 1, maxLength: 500 }), fc.webUrl(), fc.uuid());

it('every id can be shown by the Web UI and stored by Postgres', () => {
  fc.assert(
    fc.property(anyGuid, (guid) => {
      expect(workflowIdFor(guid)).toMatch(/^[A-Za-z0-9._-]{1,200}$/);
    }),
    { numRuns: 1_000 },
  );
});

it('a plain GUID is kept', () => {
  fc.assert(
    fc.property(plain, (guid) => {
      expect(workflowIdFor(guid)).toBe(guid);
    }),
  );
});

it('two GUIDs have two ids, and one GUID has one', () => {
  fc.assert(
    fc.property(anyGuid, anyGuid, (one, other) => {
      expect(workflowIdFor(one) === workflowIdFor(other)).toBe(one === other);
    }),
    { numRuns: 1_000 },
  );
  const alike = ['a b', 'a  b', ' a b', 'a b ', 'A b', 'a\u00A0b', 'é', 'e\u0301', 'a b\n', 'a/b', 'a_b', 'a-b', 'a.b'];
  expect(new Set(alike.map(workflowIdFor)).size).toBe(alike.length);
});
