import type { Inbound, InboundOptions } from '../gateway.js';
import { probe } from '../acknowledgement.js';
import { acknowledge } from './acknowledge.js';
import { correct, namesIn } from './correct.js';
import { readPost } from './read-post.js';
import type { TwilioSettings } from './settings.js';
import { createVerify } from './verify.js';

/** Creates the inbound side of Twilio: verification, parsing and acknowledgement of its posts. */
export function createInbound(settings: TwilioSettings, { senderOf }: Pick<InboundOptions, 'senderOf'>): Inbound {
  const { accountSid } = settings;
  return {
    verify: createVerify(settings),
    read: (body, acceptedAt, query) => readPost(body, { accountSid, acceptedAt, query, senderOf }),
    acknowledge,
    probe,
    namesIn,
    correct,
  };
}
