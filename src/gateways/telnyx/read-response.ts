import { z } from 'zod';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError, type SentReply } from '../gateway.js';
import type { GatewayResponse } from '../request.js';
import { retryAfterMs } from '../retry-after.js';
import { jsonOf } from '../parse.js';
import { errorsIn, type TelnyxError } from './codes.js';
import { refusedNumber } from './refused-number.js';

const tooManyRequestsCode = '10011';
/** "Unexpected error" and "Request timeout": Telnyx doesn't know either. */
const unknownOutcomeCodes = ['10007', '10008'];

/**
 * Reads the response to a send.
 * https://developers.telnyx.com/development/api-fundamentals/api-errors
 *
 * @throws one of the three errors of `Outbound.send`
 */
export function readResponse({ status, headers, body }: GatewayResponse): SentReply {
  const json = jsonOf(body);
  if (status >= 200 && status < 300) return readSuccess(json, `Telnyx answered ${status}`);

  const errors = errorsOf(json);
  const hasCode = (...codes: string[]) => errors.some(({ code }) => codes.includes(code));
  const summary = `Telnyx answered ${status}${errors[0] ? ` (error ${errors[0].code})` : ''}`;
  // A 408 is Telnyx's own time limit, which ends after it took the request. A 503 may be a proxy's.
  if (status < 300 || status === 408 || status >= 500 || hasCode(...unknownOutcomeCodes)) {
    throw new ReplyMaybeSentError(summary);
  }
  if (status === 429 || hasCode(tooManyRequestsCode)) {
    throw new ReplyNotSentError(summary, { retryAfterMs: retryAfterMs(headers['retry-after']) });
  }
  throw new ReplyRejectedError(summary, { number: refusedNumber(errors) });
}

const success = z.object({ data: z.object({ id: z.string().min(1).max(200) }) });

function readSuccess(json: unknown, summary: string): SentReply {
  const parsed = success.safeParse(json);
  if (parsed.success) return { gatewayMessageId: parsed.data.data.id };
  throw new ReplyMaybeSentError(`${summary} and did not say whether it took the reply`);
}

const failure = z.object({ errors: z.unknown().optional() });

const errorsOf = (json: unknown): TelnyxError[] => errorsIn(failure.safeParse(json).data?.errors);
