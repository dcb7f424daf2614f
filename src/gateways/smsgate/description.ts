import type { z } from 'zod';
import type { RouteDescription } from '../gateway.js';
import { acknowledgement, probeResponse } from '../acknowledgement.js';
import { route } from './name.js';
import { otherEvent, receivedEvent } from './posted-event.js';
import { toleranceSeconds } from '../signed-at.js';
import { signatureHeaders } from './verify.js';

const apiKey = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description });

const text: z.input<typeof receivedEvent> = {
  event: 'sms:received',
  deviceId: 'dev000000000000000001',
  payload: {
    message: 'Yes, I agree',
    sender: '+15550001234',
    recipient: '+15550009999',
    simNumber: 1,
    receivedAt: '2026-11-24T14:40:00.000+01:00',
  },
};

const receipt: z.input<typeof otherEvent> = {
  event: 'sms:delivered',
  payload: { messageId: 'smsgate.9cG3mXk0QmOaVd2LhYt1Zw.1' },
};

/** Describes the webhook route of SMSGate for /openapi.json. */
export const routeDescription = {
  path: route,
  idSuffix: 'SmsGate',
  authentication: `the signature of the SMSGate app in the header \`${signatureHeaders.signature}\`.`,
  posts: { SmsGateReceivedEvent: receivedEvent, SmsGateOtherEvent: otherEvent },
  postExamples: {
    text: { summary: 'A text', value: text },
    receipt: { summary: 'What became of a reply', value: receipt },
  },
  acknowledgement,
  acknowledgementExamples: { text: { summary: 'A text accepted', value: { messages: 1, receipts: 0 } } },
  probe: probeResponse,
  probeExample: { status: 'ok' },
  securitySchemes: {
    smsGateTimestamp: apiKey(
      signatureHeaders.timestamp,
      `When the post was signed, in Unix seconds; at most ${toleranceSeconds} s from now.`,
    ),
    smsGateSignature: apiKey(
      signatureHeaders.signature,
      'The hex HMAC-SHA256 of the raw body followed by the timestamp, keyed with the signing key of the app.',
    ),
  },
  security: [{ smsGateTimestamp: [], smsGateSignature: [] }],
  challenge: { 'WWW-Authenticate': 'X-Signature' },
} as const satisfies RouteDescription;
