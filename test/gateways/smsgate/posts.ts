import { createHmac } from 'node:crypto';
import type { SmsGateSettings } from '../../../src/gateways/smsgate/settings.js';
import { createInbound } from '../../../src/gateways/smsgate/inbound.js';
import { senderOf } from '../../helpers/messages.js';

export const settings: SmsGateSettings = {
  url: 'http://127.0.0.1:1/3rdparty/v1',
  user: 'ABC123',
  password: 'pass:word-ü',
  signingKeys: ['k3y-from-the-phone'],
  simulated: false,
  hasSecret: true,
};

/** When the posts below were signed. */
export const acceptedAt = new Date('2026-11-24T13:40:00.000Z');

/** A post of the app, and what it signed. */
export const vector = {
  body:
    '{"deviceId":"dev000000000000000001","event":"sms:received","id":"evt000000000000000001",' +
    '"payload":{"message":"Yes, I agree 👍","receivedAt":"2026-11-24T14:40:00.000+01:00","messageId":"a0e3b5c1",' +
    '"phoneNumber":"+12065550101","recipient":"+12065550199","sender":"+12065550101","simNumber":1},' +
    '"webhookId":"hook00000000000000001"}',
  timestamp: '1795527600',
  signature: '7101fcca3d171c45f36868df54512d9b823177bf9004f154cf951e0c9f21586f',
} as const;

export const inboundOf = (secret = 'installation-secret') => createInbound(settings, { senderOf, secret });

/** Reads a post. */
export const read = (posted: unknown, inbound = inboundOf()) =>
  inbound.read(Buffer.from(typeof posted === 'string' ? posted : JSON.stringify(posted)), acceptedAt, {});

/** A received text with whatever a test cares about; undefined leaves a field out. */
export const aText = (payload: Record<string, unknown> = {}, event: Record<string, unknown> = {}) => {
  const whole = JSON.parse(vector.body) as { deviceId: string; event: string; payload: object };
  return { ...whole, ...event, payload: { ...whole.payload, ...payload } as Record<string, unknown> };
};

/** An event about a reply. */
export const anEventOfReply = (event: string, payload: Record<string, unknown> = {}) => ({
  deviceId: 'dev000000000000000001',
  event,
  id: 'evt000000000000000007',
  payload: {
    messageId: 'smsgate.abc_DEF-2.1',
    phoneNumber: '+12065550101',
    recipient: '+12065550101',
    sender: '+12065550199',
    simNumber: 1,
    ...payload,
  },
  webhookId: 'hook00000000000000002',
});

export function signed(body: string | Buffer, { key = 'k3y-from-the-phone', at = Date.now() } = {}) {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', key).update(body).update(timestamp).digest('hex');
  return { 'x-timestamp': timestamp, 'x-signature': signature };
}
