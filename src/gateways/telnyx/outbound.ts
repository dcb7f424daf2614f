import { sendTimeoutMs } from '../../domain/waiting.js';
import { type Outbound, type OutboundReply, ReplyRejectedError } from '../gateway.js';
import { postJson, withoutSlash } from '../request.js';
import { name } from './name.js';
import { readResponse } from './read-response.js';
import { markParameter } from './route.js';
import type { TelnyxSettings } from './settings.js';

/**
 * Creates the outbound side of Telnyx: https://developers.telnyx.com/api-reference/messages. The API has no
 * documented idempotency key for texts and no time limit for its queue, and can't be asked about a send without the id
 * that only its response has. So the receipt decides: each send has an address of its own for it.
 */
export function createOutbound({ apiKey, url, webhookUrl, timeoutMs = sendTimeoutMs }: TelnyxSettings): Outbound {
  const sendUrl = new URL(`${withoutSlash(url)}/v2/messages`);
  const headers = { authorization: `Bearer ${apiKey}` };

  return {
    name,
    async send({ to, from, text, mark }: OutboundReply, signal) {
      if (!from) throw new ReplyRejectedError('Telnyx needs the number that was texted, and the message has none');
      const receiptsUrl = `${webhookUrl}?${markParameter}=${encodeURIComponent(mark)}`;
      const message = {
        from,
        to,
        text,
        type: 'SMS',
        encoding: 'auto',
        webhook_url: receiptsUrl,
        use_profile_webhooks: false,
      };
      return readResponse(await postJson(sendUrl, message, { headers, timeoutMs, signal }));
    },
  };
}
