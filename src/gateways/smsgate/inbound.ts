import type { Inbound, InboundOptions } from '../gateway.js';
import { acknowledge, probe } from '../acknowledgement.js';
import { correct, namesIn } from './correct.js';
import { readPost } from './read-post.js';
import type { SmsGateSettings } from './settings.js';
import { createTextId } from './text-id.js';
import { createVerify } from './verify.js';

/** Creates the inbound side of SMSGate: verification, parsing and acknowledgement of the posts of its app. */
export function createInbound(settings: SmsGateSettings, { senderOf, secret }: InboundOptions): Inbound {
  const idOf = createTextId(secret);
  return {
    verify: createVerify(settings),
    read: (body, acceptedAt) => readPost(body, { acceptedAt, senderOf, idOf }),
    acknowledge,
    probe,
    namesIn,
    correct,
  };
}
