import type { z } from 'zod';
import type { RouteDescription } from '../gateway.js';
import { probe, probeResponse } from '../acknowledgement.js';
import { acknowledgement, emptyResponse } from './acknowledge.js';
import { postedReceipt, postedText } from './posted.js';
import { routePath } from './route-path.js';
import { signatureHeader } from './signature.js';

const AccountSid = 'AC22222222222222222222222222222222';

const text: z.input<typeof postedText> = {
  MessageSid: 'SM11111111111111111111111111111111',
  AccountSid,
  From: '+15550001234',
  To: '+15550005678',
  Body: 'Yes, I agree',
};

const receipt: z.input<typeof postedReceipt> = { AccountSid, MessageStatus: 'undelivered', ErrorCode: '30003' };

/** Describes the webhook route of Twilio for /openapi.json. */
export const routeDescription = {
  path: routePath,
  idSuffix: 'Twilio',
  authentication: `the signature of Twilio in the header \`${signatureHeader}\`.`,
  postType: 'application/x-www-form-urlencoded',
  posts: { TwilioText: postedText, TwilioReceipt: postedReceipt },
  postExamples: {
    text: { summary: 'A text', value: text },
    receipt: { summary: 'A receipt', value: receipt },
  },
  acknowledgement,
  acknowledgementExamples: { all: { summary: 'Accepted', value: emptyResponse } },
  probe: probeResponse,
  probeExample: probe(),
  securitySchemes: {
    twilioSignature: {
      type: 'apiKey',
      in: 'header',
      name: signatureHeader,
      description:
        'The base64 HMAC-SHA1 of the public address with its query and of the sorted parameters, keyed with the auth ' +
        'token of the account.',
    },
  },
  security: [{ twilioSignature: [] }],
  challenge: { 'WWW-Authenticate': signatureHeader },
} as const satisfies RouteDescription;
