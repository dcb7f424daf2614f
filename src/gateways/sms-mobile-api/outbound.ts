import { z } from 'zod';
import { sendTimeoutMs } from '../../domain/waiting.js';
import {
  type Outbound,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
  type SentReply,
} from '../gateway.js';
import { name } from './name.js';
import { type GatewayResponse, postForm, withoutSlash, isRefusal } from '../request.js';
import { retryAfterMs } from '../retry-after.js';
import type { SmsMobileApiSettings } from './settings.js';

/**
 * Creates the outbound side of SMSMobileAPI: https://smsmobileapi.com/doc. The API has no idempotency key, and an
 * accepted SMS may still fail.
 */
export function createOutbound({
  apiKey,
  url,
  timeoutMs = sendTimeoutMs,
}: Pick<SmsMobileApiSettings, 'apiKey' | 'url' | 'timeoutMs'>): Outbound {
  const sendUrl = new URL(`${withoutSlash(url)}/sendsms/`);

  return {
    name,
    async send({ to, text }, signal) {
      const form = { apikey: apiKey, recipients: to, message: text, sendsms: '1' };
      return readResponse(await postForm(sendUrl, form, { timeoutMs, signal }));
    },
  };
}

function readResponse(response: GatewayResponse): SentReply {
  const { status } = response;
  const result = resultOf(response.body);
  const summary = `SMSMobileAPI answered ${status}${errorCode(result)}`;

  if (status >= 200 && status < 300) return readResult(result, summary);
  // A 503 proves nothing: a proxy may have written it after it had passed the request on.
  if (status === 429) {
    throw new ReplyNotSentError(summary, { retryAfterMs: retryAfterMs(response.headers['retry-after']) });
  }
  if (isRefusal(status)) throw new ReplyRejectedError(summary);
  throw new ReplyMaybeSentError(summary);
}

// Several types per field: the provider's OpenAPI file, its documentation and real responses disagree.
const noError = z.literal([0, '0', '', null]).optional();
const anError = z.unknown().refine((error) => Boolean(error) && error !== '0');
const sent = z.object({
  error: noError,
  sent: z.literal([1, '1', true]),
  id: z.string().min(1).max(200).optional().catch(undefined),
});
const refused = z.union([z.object({ error: anError }), z.object({ error: noError, sent: z.literal([0, '0', false]) })]);

function readResult(result: unknown, summary: string): SentReply {
  const success = sent.safeParse(result);
  if (success.success) return success.data.id === undefined ? {} : { gatewayMessageId: success.data.id };
  if (refused.safeParse(result).success) throw new ReplyRejectedError(`${summary} and refused the reply`);
  throw new ReplyMaybeSentError(`${summary} and did not say whether it sent the reply`);
}

const wrapped = z.object({ result: z.looseObject({}) }).transform(({ result }) => result);

/** Returns the `result` of a response, or the whole response when it has none; undefined when it isn't JSON. */
function resultOf(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return wrapped.or(z.unknown()).parse(json);
  } catch {
    return undefined;
  }
}

const withCode = z.object({
  error: z.union([z.int().min(0).max(9999), z.string().regex(/^(\d{1,4}|[a-z_]{1,40})$/i)]),
});

/** Returns the error only when it is clearly a code: an error in words may quote the number or the text. */
function errorCode(result: unknown): string {
  const parsed = withCode.safeParse(result);
  return parsed.success ? ` (error ${parsed.data.error})` : '';
}
