import { randomUUID } from 'node:crypto';
import type { WrittenText } from './dialect.js';

/**
 * Returns a text as real phones and gateways deliver it a second time: under another id of the provider, a moment
 * later. The id of an SMSGate text comes from its time, since the app has no usable id: src/gateways/smsgate/text-id.ts
 */
export const doubleOf = (text: WrittenText): WrittenText => ({
  ...text,
  guid: randomUUID(),
  at: new Date(text.at.getTime() + 1),
});
