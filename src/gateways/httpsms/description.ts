import type { z } from 'zod';
import type { RouteDescription } from '../gateway.js';
import { acknowledgement, probeResponse } from '../acknowledgement.js';
import { route } from './name.js';
import { otherEvent, receivedEvent } from './posted-event.js';

const received: z.input<typeof receivedEvent> = {
  type: 'message.phone.received',
  data: {
    message_id: '55555555-5555-4555-8555-555555555555',
    owner: '+12065550199',
    contact: '+12065550101',
    timestamp: '2026-11-24T13:40:00.000Z',
    content: 'Yes, I agree',
    encrypted: false,
  },
};

const other: z.input<typeof otherEvent> = {
  type: 'message.phone.delivered',
  data: { id: '66666666-6666-4666-8666-666666666666', request_id: 'httpsms.VQ2Tc9UzuM1lPZOyYE3xd7.1' },
};

const accepted: z.infer<typeof acknowledgement> = { messages: 1, receipts: 0 };

/** Describes the webhook route of httpSMS for /openapi.json. */
export const routeDescription = {
  path: route,
  idSuffix: 'HttpSms',
  authentication: 'a token that httpSMS signs with the key of the webhook.',
  posts: { HttpSmsReceivedEvent: receivedEvent, HttpSmsOtherEvent: otherEvent },
  postExamples: {
    received: { summary: 'A text', value: received },
    other: { summary: 'An event of another type', value: other },
  },
  acknowledgement,
  acknowledgementExamples: { accepted: { summary: 'A text accepted', value: accepted } },
  probe: probeResponse,
  probeExample: { status: 'ok' },
  securitySchemes: {
    httpSmsToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A JSON Web Token, HS256, issued by `api.httpsms.com` for the public address of this webhook.',
    },
  },
  security: [{ httpSmsToken: [] }],
  challenge: { 'WWW-Authenticate': 'Bearer' },
} as const satisfies RouteDescription;
