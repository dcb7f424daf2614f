import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, type PayloadKey, type Place, UnreadableError } from '../../src/secrets/keyring.js';

const key = (id: string, fill: number): PayloadKey => ({ id, key: Buffer.alloc(32, fill) });
const places: Place[] = ['temporal', 'inbox', 'quarantine', 'inbox-digest-key'];
const bytes = fc.uint8Array({ maxLength: 500 });

it('what is sealed opens again, byte for byte, and never looks the same twice', () => {
  const ring = createKeyring([key('k1', 1)]);
  fc.assert(
    fc.property(bytes, fc.constantFrom(...places), (plain, place) => {
      const sealed = ring.seal(plain, place);
      expect(new Uint8Array(ring.open(sealed, place))).toEqual(plain);
      expect(Buffer.from(sealed.bytes).equals(ring.seal(plain, place).bytes)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

it('2,000 things have 2,000 nonces', () => {
  const ring = createKeyring([key('k1', 1)]);
  const nonces = Array.from({ length: 2_000 }, () =>
    Buffer.from(ring.seal(Buffer.from('x'), 'inbox').bytes.subarray(4, 16)).toString('hex'),
  );
  expect(new Set(nonces).size).toBe(2_000);
});

it('a text cannot be seen in what is sealed', () => {
  const { bytes: sealed } = createKeyring([key('k1', 1)]).seal(Buffer.from('a text of Ada'), 'inbox');
  expect(Buffer.from(sealed).includes('text')).toBe(false);
});

describe('key rotation', () => {
  const before = createKeyring([key('k1', 1)]).seal(Buffer.from('before'), 'inbox');

  it('seals with the first and opens with any', () => {
    const turned = createKeyring([key('k2', 2), key('k1', 1)]);
    expect(turned.seal(Buffer.from('x'), 'inbox').keyId).toBe('k2');
    expect(turned.open(before, 'inbox').toString()).toBe('before');
  });

  it('without the old one it says which key is missing', () => {
    expect(() => createKeyring([key('k2', 2)]).open(before, 'inbox')).toThrow(
      new UnreadableError('It is sealed with the key "k1", which is not in PAYLOAD_KEYS: add that key'),
    );
    expect(() => createKeyring([]).open(before, 'inbox')).toThrow(/"k1", which is not in PAYLOAD_KEYS/);
  });

  it('another key of the same name is distinguished from changed data', () => {
    expect(() => createKeyring([key('k1', 9)]).open(before, 'inbox')).toThrow(/sealed with a different key named "k1"/);
  });
});

describe('any change', () => {
  const ring = createKeyring([key('k1', 1), key('k2', 2)]);

  it('one bit anywhere, or a shorter or longer end, is an error of its own kind', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.constantFrom('flip', 'cut', 'add'), (plain, at, how) => {
        const { keyId, bytes: sealed } = ring.seal(plain, 'inbox');
        const place = at % sealed.length;
        const changed =
          how === 'cut'
            ? sealed.subarray(0, place)
            : how === 'add'
              ? Buffer.concat([sealed, Buffer.from('x')])
              : Buffer.from(sealed);
        if (how === 'flip') changed[place] = (changed[place] as number) ^ (1 << (at % 8));
        expect(() => ring.open({ keyId, bytes: changed }, 'inbox')).toThrow(UnreadableError);
      }),
      { numRuns: 500 },
    );
  });

  it('and what was sealed for another place or under another name', () => {
    const sealed = ring.seal(Buffer.from('x'), 'inbox');
    expect(() => ring.open(sealed, 'quarantine')).toThrow(/has been changed since, or was sealed for another place/);
    expect(() => ring.open({ ...sealed, keyId: 'k2' }, 'inbox')).toThrow(UnreadableError);
  });
});

it('no error shows a key', () => {
  const sealed = createKeyring([key('k1', 1)]).seal(Buffer.from('x'), 'inbox');
  for (const keys of [[], [key('k1', 9)]]) {
    try {
      createKeyring(keys).open(sealed, 'inbox');
    } catch (error) {
      expect(String(error)).not.toMatch(/0101|0909|AQEB|CQkJ/);
    }
  }
});
