import type { Inbound, InboundOptions } from '../gateway.js';
import { acknowledge, probe } from '../acknowledgement.js';
import { correct, namesIn } from './correct.js';
import { readPost } from './read-post.js';
import type { TelnyxSettings } from './settings.js';
import { createVerify } from './verify.js';

/** Creates the inbound side of Telnyx: verification, parsing and acknowledgement of its posts. */
export function createInbound({ publicKey }: TelnyxSettings, { senderOf }: InboundOptions): Inbound {
  return {
    verify: createVerify(publicKey),
    read: (body, acceptedAt, query) => readPost(body, { acceptedAt, query, senderOf }),
    acknowledge,
    probe,
    namesIn,
    correct,
  };
}
