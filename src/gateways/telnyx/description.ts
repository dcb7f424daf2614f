import type { z } from 'zod';
import type { RouteDescription } from '../gateway.js';
import { acknowledgement, probeResponse } from '../acknowledgement.js';
import { postedEvent, postedText } from './posted-event.js';
import { route } from './route.js';
import { toleranceSeconds } from '../signed-at.js';
import { signatureHeaders } from './verify.js';

const text: z.input<typeof postedText> = {
  data: {
    event_type: 'message.received',
    payload: {
      id: '22222222-2222-4222-8222-222222222222',
      from: { phone_number: '+12065550101' },
      to: [{ phone_number: '+12065550199' }],
      text: 'Yes, I agree',
      received_at: '2026-11-24T13:40:00.000+00:00',
    },
  },
};

const receipt: z.input<typeof postedEvent> = {
  data: { event_type: 'message.finalized', payload: { to: [{ status: 'delivered' }], errors: [] } },
};

const accepted = (messages: number, receipts: number): z.infer<typeof acknowledgement> => ({
  messages,
  receipts,
});

const header = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description });

/** Describes the webhook route of Telnyx for /openapi.json. */
export const routeDescription = {
  path: route,
  idSuffix: 'Telnyx',
  authentication: 'the Ed25519 signature of Telnyx over the timestamp and the body.',
  posts: { TelnyxText: postedText, OtherTelnyxEvent: postedEvent },
  postExamples: {
    text: { summary: 'A text', value: text },
    receipt: { summary: 'A receipt of a reply', value: receipt },
  },
  acknowledgement,
  acknowledgementExamples: {
    text: { summary: 'A text accepted', value: accepted(1, 0) },
    receipt: { summary: 'A receipt accepted', value: accepted(0, 1) },
    nothing: { summary: 'An event of another type', value: accepted(0, 0) },
  },
  probe: probeResponse,
  probeExample: { status: 'ok' },
  securitySchemes: {
    telnyxTimestamp: header(
      signatureHeaders.timestamp,
      `When the post was signed, in Unix seconds; at most ${toleranceSeconds} s from now.`,
    ),
    telnyxSignature: header(
      signatureHeaders.signature,
      'The base64 of the Ed25519 signature of the timestamp, `|` and the raw body.',
    ),
  },
  security: [{ telnyxTimestamp: [], telnyxSignature: [] }],
  challenge: { 'WWW-Authenticate': 'Telnyx-Signature' },
} as const satisfies RouteDescription;
