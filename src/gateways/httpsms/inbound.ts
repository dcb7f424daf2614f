import { z } from 'zod';
import type { InboundMessage } from '../../domain/message.js';
import type { Inbound, InboundOptions } from '../gateway.js';
import { acknowledge, probe } from '../acknowledgement.js';
import { createConfirm } from './confirm.js';
import { type PostedText, readPost } from './read-post.js';
import type { HttpSmsSettings } from './settings.js';
import { createVerify } from './verify.js';

/** Creates the inbound side of httpSMS: verification, parsing, confirmation and acknowledgement of its posts. */
export function createInbound(settings: HttpSmsSettings, { senderOf }: InboundOptions): Inbound {
  // Message ids are hashed, and the confirmation needs the provider's.
  const posted = new WeakMap<InboundMessage, PostedText>();
  const confirm = createConfirm(settings, { senderOf, postedOf: (message) => posted.get(message) });
  return {
    verify: createVerify(settings),
    read: (body, acceptedAt) =>
      readPost(body, { acceptedAt, senderOf, onMessage: (message, text) => posted.set(message, text) }),
    ...(settings.confirm && { confirm }),
    acknowledge,
    probe,
    namesIn,
  };
}

const named = z.object({
  data: z.object({
    message_id: z.string().optional().catch(undefined),
    contact: z.string().optional().catch(undefined),
  }),
});

/** @see {@link Inbound.namesIn} */
function namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined } {
  try {
    const { data } = named.parse(JSON.parse(Buffer.from(raw).toString()));
    return { guid: data.message_id, number: data.contact };
  } catch {
    return {};
  }
}
