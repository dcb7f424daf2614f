import type { Payload, PayloadCodec } from '@temporalio/common';
// A CommonJS module: Node's ESM loader can't see its named exports.
import proto from '@temporalio/proto';
import { type Keyring, UnreadableError } from '../secrets/keyring.js';

const payloads = proto.temporal.api.common.v1.Payload;

/** The encoding that Temporal's encryption samples use, so that its tools recognise encrypted payloads. */
const encrypted = 'binary/encrypted';
const keyIdField = 'encryption-key-id';

/**
 * Creates a codec that seals every payload sent to Temporal and opens every payload read from it. Without a key it
 * seals nothing. Unsealed payloads, from before a key was set, are read as they are.
 *
 * @param onUnreadable called for each payload that can't be opened
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
      return payloads.decode(
        keyring.open({ keyId: textOf(metadata[keyIdField]), bytes: data ?? new Uint8Array() }, 'temporal'),
      );
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
