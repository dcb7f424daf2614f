import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** A key for AES-256-GCM and the name by which sealed things refer to it. */
export interface PayloadKey {
  /** 1 to 32 letters, digits, `_` or `-`. */
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
}

/** What is sealed: with which key, and fingerprint (4 bytes), nonce (12), ciphertext and tag (16) in one. */
export interface Sealed {
  keyId: string;
  bytes: Uint8Array;
}

const places = ['temporal', 'inbox', 'quarantine', 'inbox-hash-key'] as const;

/** Where something is kept. What was sealed for one place does not open in another. */
export type Place = (typeof places)[number];

/** Sealed, and not to be opened here. Nothing is lost by it: with the right key it opens. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

export interface Keyring {
  /** Whether there is a key to seal with; without one things are kept as they are. */
  readonly seals: boolean;
  /** Seals with the first key. */
  seal(plain: Uint8Array | string, place: Place): Sealed;
  /** @throws {UnreadableError} for a key that is not on the ring, another key of that name, or changed bytes */
  open(sealed: Sealed, place: Place): Buffer;
}

const fingerprintBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = fingerprintBytes + nonceBytes;

/** A key of the ring, for one place. */
interface Entry {
  id: string;
  key: KeyObject;
  /** Tells a wrong key from changed bytes; 32 bits of a hash say nothing of 256 random ones. */
  fingerprint: Buffer;
}

/** The keys of PAYLOAD_KEYS: the first seals, all of them open. */
export function createKeyring(keys: readonly PayloadKey[]): Keyring {
  const entries = Object.fromEntries(places.map((place) => [place, keys.map((key) => entryFor(key, place))])) as Record<Place, Entry[]>;
  const nextNonce = createNonces();

  return {
    seals: keys.length > 0,

    seal(plain, place) {
      const [first] = entries[place];
      if (!first) throw new TypeError('There is no key to seal with');
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce);
      const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
      cipher.final();
      return { keyId: first.id, bytes: Buffer.concat([first.fingerprint, nonce, text, cipher.getAuthTag()]) };
    },

    open({ keyId, bytes }, place) {
      const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const entry = entries[place].find(({ id }) => id === keyId);
      if (!entry) throw new UnreadableError(`It is sealed with the key "${keyId}", which is not in PAYLOAD_KEYS: add that key`);
      if (sealed.length < headBytes + tagBytes) throw changed(keyId);
      if (!entry.fingerprint.equals(sealed.subarray(0, fingerprintBytes))) {
        throw new UnreadableError(`It is sealed with another key of the name "${keyId}" than the one in PAYLOAD_KEYS: set that name to the key it was sealed with`);
      }
      const decipher = createDecipheriv('aes-256-gcm', entry.key, sealed.subarray(fingerprintBytes, headBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      const plain = decipher.update(sealed.subarray(headBytes, -tagBytes));
      try {
        decipher.final();
      } catch {
        throw changed(keyId);
      }
      return plain;
    },
  };
}

/** A key of its own for each place; the fingerprint is that of the key they come from. */
function entryFor({ id, key }: PayloadKey, place: Place): Entry {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `answerback ${purpose}`, 32));
  return { id, key: createSecretKey(derived(place)), fingerprint: derived('fingerprint').subarray(0, fingerprintBytes) };
}

function changed(keyId: string): UnreadableError {
  return new UnreadableError(`It was sealed with the key "${keyId}" and has been changed since, or was sealed for another place: restore it from a backup`);
}

/** Random nonces, drawn many at a time since a draw costs as much as sealing a text. */
function createNonces(): () => Buffer {
  let drawn = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at === drawn.length) {
      drawn = randomBytes(1_024 * nonceBytes);
      at = 0;
    }
    at += nonceBytes;
    return drawn.subarray(at - nonceBytes, at);
  };
}
