import { z } from 'zod';
import { sendTimeoutMs } from '../../domain/waiting.js';
import {
  type Outbound,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
  type SentReply,
} from '../gateway.js';
import { basicAuthorization, type GatewayResponse, postForm, withoutSlash, isRefusal } from '../request.js';
import { retryAfterMs } from '../retry-after.js';
import { jsonOf } from '../parse.js';
import { name } from './name.js';
import { refusedNumber } from './refused-number.js';
import { receiptsUrl } from './receipts.js';
import type { TwilioSettings } from './settings.js';

/**
 * Creates the outbound side of Twilio: https://www.twilio.com/docs/messaging/api/message-resource. The API has no
 * idempotency key, and its list of messages can't tell two replies with the same text apart, so there is no `lookUp`:
 * a receipt settles an uncertain reply.
 */
export function createOutbound({
  accountSid,
  authTokens: [authToken],
  url,
  publicUrl,
  timeoutMs = sendTimeoutMs,
}: TwilioSettings): Outbound {
  const sendUrl = new URL(`${withoutSlash(url)}/2010-04-01/Accounts/${accountSid}/Messages.json`);
  const headers = { authorization: basicAuthorization(accountSid, authToken) };

  return {
    name,
    async send({ to, from, text, mark, validForMs }, signal) {
      if (from === undefined) {
        throw new ReplyRejectedError('Twilio needs a number to send from, and the post did not say which was texted');
      }
      const form = {
        To: to,
        From: from,
        Body: text,
        ValidityPeriod: String(validityPeriod(validForMs)),
        StatusCallback: receiptsUrl(publicUrl, mark),
      };
      return readResponse(await postForm(sendUrl, form, { headers, timeoutMs, signal }));
    },
  };
}

/**
 * Returns for how many seconds Twilio may queue a reply: 1 to 36,000 (10 hours).
 * https://www.twilio.com/docs/api/errors/21624
 */
const validityPeriod = (validForMs: number): number => Math.min(36_000, Math.max(1, Math.floor(validForMs / 1_000)));

/** The queue of our number is full: the message was not taken. https://www.twilio.com/docs/api/errors/21611 */
const queueIsFull = 21611;

function readResponse({ status, headers, body }: GatewayResponse): SentReply {
  const json = jsonOf(body);
  if (status >= 200 && status < 300) return readSuccess(json, `Twilio answered ${status}`);

  const code = withCode.safeParse(json).data?.code;
  const summary = `Twilio answered ${status}${code === undefined ? '' : ` (error ${code})`}`;
  // A 429 is documented as never processed: https://www.twilio.com/docs/api/errors/20429
  if (status === 429 || (isRefusal(status) && code === queueIsFull)) {
    throw new ReplyNotSentError(summary, { retryAfterMs: retryAfterMs(headers['retry-after']) });
  }
  if (isRefusal(status)) throw new ReplyRejectedError(summary, { number: refusedNumber(code) });
  // A 503 proves nothing: a proxy may have written it after it had passed the request on.
  throw new ReplyMaybeSentError(summary);
}

const created = z.object({ sid: z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/) });
/** The message beside a code may quote the number. */
const withCode = z.object({ code: z.int().min(0).max(999_999) });

function readSuccess(json: unknown, summary: string): SentReply {
  const success = created.safeParse(json);
  if (success.success) return { gatewayMessageId: success.data.sid };
  throw new ReplyMaybeSentError(`${summary} and did not say whether it took the reply`);
}
