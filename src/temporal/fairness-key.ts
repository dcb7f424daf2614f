import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PayloadKey } from '../keyring.js';
import { plainNumber } from '../message.js';

/** Tells senders apart in Temporal, which shows it in plain, without naming them. */
export type FairnessKey = (number: string) => string;

/** 96 bits, of the 64 bytes that Temporal takes. */
const characters = 16;

/**
 * The key by which Temporal takes the work of senders in turn: a keyed hash of the number, the same for all its notations.
 * With PAYLOAD_KEYS it is the same in every process, by the first of them; without, each process has hashes of its own.
 */
export function createFairnessKey(payloadKeys: readonly PayloadKey[]): FairnessKey {
  const [first] = payloadKeys;
  const secret = first ? Buffer.from(hkdfSync('sha256', first.key, '', 'answerback fairness', 32)) : randomBytes(32);
  return (number) => createHmac('sha256', secret).update(plainNumber(number)).digest('base64url').slice(0, characters);
}
