import type { RouteDescription } from '../gateway.js';
import { acknowledgement, probeResponse } from './acknowledge.js';
import { acknowledgementExamples, postExamples, probeExample } from './examples.js';
import { otherEvent, postedEvent } from './posted-event.js';
import { postedBatch, postedMessage } from './posted-message.js';
import { authentication, challenge, pathToken, security, securitySchemes } from './security-description.js';

/** Describes the webhook route of SMSMobileAPI for /openapi.json. */
export const routeDescription = {
  path: '/api/webhook/sms-received',
  idSuffix: '',
  authentication,
  posts: { Message: postedMessage, Batch: postedBatch, ReceivedEvent: postedEvent, OtherEvent: otherEvent },
  postExamples,
  acknowledgement,
  acknowledgementExamples,
  probe: probeResponse,
  probeExample,
  securitySchemes,
  security,
  pathToken,
  challenge,
} as const satisfies RouteDescription;
