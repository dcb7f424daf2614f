import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readPost } from '../../../src/gateways/telnyx/read-post.js';
import { senderOf } from '../../helpers/messages.js';

/** A text as Telnyx posts it, signed at `vectorSeconds` with the key whose seed is the bytes 0 to 31. */
export const vectorBody =
  '{"data":{"event_type":"message.received","id":"11111111-1111-4111-8111-111111111111","occurred_at":"2026-11-24T13:40:00.000+00:00","payload":{"direction":"inbound","encoding":"GSM-7","errors":[],"from":{"carrier":"Example Wireless","line_type":"Wireless","phone_number":"+12065550101"},"id":"22222222-2222-4222-8222-222222222222","media":[],"messaging_profile_id":"33333333-3333-4333-8333-333333333333","parts":1,"received_at":"2026-11-24T13:40:00.000+00:00","record_type":"message","text":"Yes, I agree","to":[{"carrier":"Telnyx","line_type":"Wireless","phone_number":"+12065550199","status":"webhook_delivered"}],"type":"SMS"},"record_type":"event"},"meta":{"attempt":1,"delivered_to":"https://sms.example.org/api/webhook/telnyx"}}';
export const vectorSeconds = 1_795_527_600;
export const vectorKey = 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=';
export const vectorSignature =
  'SsuM+jeVpJxWtHpEG1FBrr1f1gmXZheVjKqta3smavN2CFYCE/dd2Z65EgLlTHaBPAPGYRu9leSD//2fW5//Ag==';

/** A key whose seed is this byte, and the bytes 1 to 31. */
function privateKeyOf(firstByte: number): KeyObject {
  const seed = Buffer.from([firstByte, ...[...Array(32).keys()].slice(1)]);
  return createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** The public half of a key, as the portal shows it. */
export const publicKeyOf = (firstByte: number): string =>
  createPublicKey(privateKeyOf(firstByte)).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

/** Signs like Telnyx, with the key of the vector or another one. */
export function signedHeaders(
  body: string | Buffer,
  { seconds = vectorSeconds, firstByte = 0 } = {},
): Record<string, string> {
  const signed = Buffer.concat([Buffer.from(`${seconds}|`), Buffer.from(body)]);
  const signature = sign(null, signed, privateKeyOf(firstByte)).toString('base64');
  return { 'telnyx-timestamp': String(seconds), 'telnyx-signature-ed25519': signature };
}

/** An error as Telnyx writes it: its detail quotes numbers. */
export const anError = (code: string | number, pointer?: string) => ({
  errors: [
    {
      code,
      title: 'Title',
      detail: "from '+12065550199' to '+12065550101'",
      ...(pointer !== undefined && { source: { pointer } }),
    },
  ],
});

export const acceptedAt = new Date('2026-11-24T13:40:02.000Z');

/** Reads a post with this query. */
export function read(posted: unknown, query: Record<string, string | string[]> = {}) {
  const body = Buffer.from(typeof posted === 'string' ? posted : JSON.stringify(posted));
  return readPost(body, { acceptedAt, query, senderOf });
}

/** A received text with other fields in its payload. */
export const aText = (payload: Record<string, unknown> = {}) => ({
  data: {
    event_type: 'message.received',
    payload: {
      id: 'text-0001',
      from: { phone_number: '+12065550101' },
      to: [{ phone_number: '+12065550199' }],
      text: 'Yes, I agree',
      ...payload,
    },
  },
});

/** A receipt with other fields in its payload. */
export const aReceipt = (status: string, payload: Record<string, unknown> = {}, type = 'message.finalized') => ({
  data: {
    event_type: type,
    payload: { id: '88888888-8888-4888-8888-888888888888', to: [{ phone_number: '+12065550101', status }], ...payload },
  },
});
