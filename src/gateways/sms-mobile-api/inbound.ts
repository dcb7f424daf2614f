import type { Gateway, Inbound } from '../gateway.js';
import { acknowledge, probe } from './acknowledge.js';
import { correct, namesIn } from './correct.js';
import { readPost } from './read-post.js';
import { createVerify } from './verify.js';

/** Creates the inbound side of SMSMobileAPI: verification, parsing and acknowledgement of its posts. */
export function createInbound({ credentials, senderOf }: Parameters<Gateway['createInbound']>[0]): Inbound {
  return {
    verify: createVerify(credentials),
    read: (body, acceptedAt) => readPost(body, { acceptedAt, senderOf }),
    acknowledge,
    probe,
    namesIn,
    correct,
  };
}
