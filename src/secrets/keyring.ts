import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** A key for AES-256-GCM. Sealed data names the key by its id. */
export interface PayloadKey {
  /** 1 to 32 letters, digits, `_` or `-`. */
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
}

/** Sealed data: the key's id, and one buffer of fingerprint (4 bytes), nonce (12), ciphertext and tag (16). */
interface Sealed {
  keyId: string;
  bytes: Uint8Array;
}

const places = ['temporal', 'inbox', 'quarantine', 'inbox-digest-key'] as const;

/** Where data is stored. Data that was sealed for one place can't be opened in another. */
export type Place = (typeof places)[number];

/** Sealed data can't be opened with the keys at hand. The data is not lost: the right key opens it. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

export interface Keyring {
  /** True when there is a key to seal with. Without a key, data is stored unsealed. */
  readonly seals: boolean;
  /** Seals with the first key. */
  seal(plain: Uint8Array | string, place: Place): Sealed;
  /** @throws {UnreadableError} when the key is missing, a different key has its id, or the bytes were changed */
  open(sealed: Sealed, place: Place): Buffer;
}

const fingerprintBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = fingerprintBytes + nonceBytes;

/** A key of the keyring, derived for one place. */
interface Entry {
  id: string;
  key: KeyObject;
  /** Tells a wrong key from changed bytes. 32 bits of a hash reveal nothing about a 256-bit random key. */
  fingerprint: Buffer;
}

/** Creates a keyring from PAYLOAD_KEYS: the first key seals, and every key opens. */
export function createKeyring(keys: readonly PayloadKey[]): Keyring {
  const entries = Object.fromEntries(places.map((place) => [place, keys.map((key) => entryFor(key, place))])) as Record<
    Place,
    Entry[]
  >;
  const nextNonce = createNonces();

  return {
    seals: keys.length > 0,

    seal(plain, place) {
      const [first] = entries[place];
      if (!first) throw new TypeError('The keyring has no key to seal with: check seals first');
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce);
      const text = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
      cipher.final();
      return { keyId: first.id, bytes: Buffer.concat([first.fingerprint, nonce, text, cipher.getAuthTag()]) };
    },

    open({ keyId, bytes }, place) {
      const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const entry = entries[place].find(({ id }) => id === keyId);
      if (!entry)
        throw new UnreadableError(`It is sealed with the key "${keyId}", which is not in PAYLOAD_KEYS: add that key`);
      if (sealed.length < headBytes + tagBytes) throw changed(keyId);
      if (!entry.fingerprint.equals(sealed.subarray(0, fingerprintBytes))) {
        throw new UnreadableError(
          `It is sealed with a different key named "${keyId}": ` +
            `set "${keyId}" in PAYLOAD_KEYS to the key it was sealed with`,
        );
      }
      const decipher = createDecipheriv('aes-256-gcm', entry.key, sealed.subarray(fingerprintBytes, headBytes), {
        authTagLength: tagBytes,
      });
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

/** Derives a separate key for each place. All of them carry the fingerprint of the key they are derived from. */
function entryFor({ id, key }: PayloadKey, place: Place): Entry {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `answerback ${purpose}`, 32));
  return {
    id,
    key: createSecretKey(derived(place)),
    fingerprint: derived('fingerprint').subarray(0, fingerprintBytes),
  };
}

function changed(keyId: string): UnreadableError {
  return new UnreadableError(
    `It was sealed with the key "${keyId}" and has been changed since, or was sealed for another place: ` +
      `restore it from a backup`,
  );
}

/** Creates a source of random nonces. It draws 1,024 at a time, because one draw costs as much as sealing a text. */
function createNonces(): () => Buffer {
  let pool = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at === pool.length) {
      pool = randomBytes(1_024 * nonceBytes);
      at = 0;
    }
    at += nonceBytes;
    return pool.subarray(at - nonceBytes, at);
  };
}
