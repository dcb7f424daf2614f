import type { Inbound, InboundOptions } from '../gateway.js';
import { acknowledge, probe } from './acknowledge.js';
import { correct, namesIn } from './correct.js';
import { readPost } from './read-post.js';
import { createVerify } from './verify.js';
import type { SmsMobileApiSettings } from './settings.js';

/** Creates the inbound side of SMSMobileAPI: verification, parsing and acknowledgement of its posts. */
export function createInbound({ credentials }: SmsMobileApiSettings, { senderOf }: InboundOptions): Inbound {
  return {
    verify: createVerify(credentials),
    read: (body, acceptedAt) => readPost(body, { acceptedAt, senderOf }),
    // People write such posts by hand, too, and read the response.
    refusesInvalid: true,
    acknowledge,
    probe,
    namesIn,
    correct,
  };
}
