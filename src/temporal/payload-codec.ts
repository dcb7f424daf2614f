import type { Payload, PayloadCodec } from '@temporalio/common';
// CommonJS without named exports that Node's ESM loader could see.
import proto from '@temporalio/proto';
import { type Keyring, UnreadableError } from '../keyring.js';

const payloads = proto.temporal.api.common.v1.Payload;

/** As in Temporal's own samples of encryption, so that its tools know the payload for an encrypted one. */
const encrypted = 'binary/encrypted';
const keyIdField = 'encryption-key-id';

/**
 * Seals every payload that goes to Temporal, and opens what comes from there. Without a key it seals nothing; what was written
 * before there was a key is read as it is.
 *
 * @param onUnreadable told of each payload that does not open
 */
export function createPayloadCodec(keyring: Keyring, onUnreadable: (error: UnreadableError) => void): PayloadCodec {
  function encode(payload: Payload): Payload {
    const { keyId, bytes } = keyring.seal(payloads.encode(payload).finish(), 'temporal');
    return { metadata: { encoding: Buffer.from(encrypted), [keyIdField]: Buffer.from(keyId) }, data: bytes };
  }

  function decode(payload: Payload): Payload {
    const { metadata = {}, data } = payload;
    if (!metadata || textOf(metadata['encoding']) !== encrypted) return payload;
    try {
      return payloads.decode(keyring.open({ keyId: textOf(metadata[keyIdField]), bytes: data ?? new Uint8Array() }, 'temporal'));
    } catch (error) {
      if (error instanceof UnreadableError) onUnreadable(error);
      throw error;
    }
  }

  return {
    encode: async (plain) => (keyring.seals ? plain.map(encode) : plain),
    decode: async (sealed) => sealed.map(decode),
  };
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}
