import { z } from 'zod';
import { type Gateway, ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError, type SentReply } from './gateway.js';
import { type Answer, postForm } from './post-form.js';
import { retryAfterMs } from './retry-after.js';

/**
 * SMSMobileAPI: https://smsmobileapi.com/doc. It takes no idempotency key, and accepted there is not delivered.
 *
 * @param options.url base of the API, with or without a path and a trailing slash
 * @param options.timeoutMs for one send, from connecting to the answer's last byte
 */
export function createSmsMobileApi({
  apiKey,
  url,
  timeoutMs = 10_000,
}: {
  apiKey: string;
  url: string;
  timeoutMs?: number;
}): Gateway {
  const sendUrl = new URL(url);
  if (!/^https?:$/.test(sendUrl.protocol)) throw new TypeError('The URL of SMSMobileAPI must be http or https');
  sendUrl.pathname = `${sendUrl.pathname.replace(/\/+$/, '')}/sendsms/`;

  return {
    name: 'smsmobileapi',
    async send({ to, text }, signal) {
      const form = { apikey: apiKey, recipients: to, message: text, sendsms: '1' };
      return readAnswer(await postForm(sendUrl, form, { timeoutMs, signal }));
    },
  };
}

function readAnswer(answer: Answer): SentReply {
  const { status } = answer;
  const result = resultOf(answer.body);
  const what = `SMSMobileAPI answered ${status}${errorCode(result)}`;

  if (status >= 200 && status < 300) return readResult(result, what);
  if (status === 429 || status === 503) {
    throw new ReplyNotSentError(what, { retryAfterMs: retryAfterMs(answer.headers['retry-after']) });
  }
  if (status >= 300 && status < 500) throw new ReplyRejectedError(what);
  throw new ReplyMaybeSentError(what);
}

// The types drift: the OpenAPI file, the documentation and answers seen in the wild disagree.
const noError = z.literal([0, '0', '', null]).optional();
const anError = z.unknown().refine((error) => Boolean(error) && error !== '0');
const sent = z.object({
  error: noError,
  sent: z.literal([1, '1', true]),
  id: z.string().min(1).max(200).optional().catch(undefined),
});
const refused = z.union([z.object({ error: anError }), z.object({ error: noError, sent: z.literal([0, '0', false]) })]);

function readResult(result: unknown, what: string): SentReply {
  const success = sent.safeParse(result);
  if (success.success) return success.data.id === undefined ? {} : { gatewayMessageId: success.data.id };
  if (refused.safeParse(result).success) throw new ReplyRejectedError(`${what} and refused the reply`);
  throw new ReplyMaybeSentError(`${what} and did not say whether it sent the reply`);
}

const wrapped = z.object({ result: z.looseObject({}) }).transform(({ result }) => result);

/** The `result` of an answer, or its top level where it has none; undefined where it is not JSON. */
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

/** An error in words may quote the number or the text, so only what is clearly a code is shown. */
function errorCode(result: unknown): string {
  const parsed = withCode.safeParse(result);
  return parsed.success ? ` (error ${parsed.data.error})` : '';
}
