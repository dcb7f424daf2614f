import { z } from 'zod';
import { sendTimeoutMs } from '../../domain/waiting.js';
import {
  type Outbound,
  ReplyMaybeSentError,
  ReplyNotSentError,
  ReplyRejectedError,
  type SentReply,
} from '../gateway.js';
import { type GatewayResponse, postJson, isRefusal } from '../request.js';
import { retryAfterMs } from '../retry-after.js';
import { jsonOf } from '../parse.js';
import { apiUrl } from './api.js';
import { createLookUp } from './look-up.js';
import { name } from './name.js';
import type { HttpSmsSettings } from './settings.js';

/** The limit of the API, which counts bytes today: it refuses longer texts itself, with a 422. */
const maxContentCharacters = 2_048;

/**
 * Creates the outbound side of httpSMS: https://api.httpsms.com. A request with the same `request_id` sends a second
 * SMS. An accepted reply may still fail on the phone.
 */
export function createOutbound(settings: HttpSmsSettings): Outbound {
  const { apiKey, url, timeoutMs = sendTimeoutMs } = settings;
  const sendUrl = apiUrl(url, '/v1/messages/send');

  return {
    name,
    async send({ from, to, text, mark }, signal) {
      if (from === undefined) {
        throw new ReplyRejectedError("httpSMS needs the number that was texted, and the message doesn't have it");
      }
      if (Array.from(text).length > maxContentCharacters) {
        throw new ReplyRejectedError(`httpSMS sends at most ${maxContentCharacters} characters: shorten the reply`);
      }
      const body = { from, to, content: text, request_id: mark, encrypted: false };
      return readResponse(await postJson(sendUrl, body, { headers: { 'x-api-key': apiKey }, timeoutMs, signal }));
    },
    lookUp: createLookUp(settings),
  };
}

const success = z.object({
  status: z.literal('success'),
  data: z
    .object({ id: z.string().min(1).max(200) })
    .optional()
    .catch(undefined),
});

function readResponse({ status, headers, body }: GatewayResponse): SentReply {
  const result = jsonOf(body);
  const summary = `httpSMS answered ${status}`;
  if (status >= 200 && status < 300) {
    const sent = success.safeParse(result);
    if (!sent.success) throw new ReplyMaybeSentError(`${summary} and did not say whether it accepted the reply`);
    return sent.data.data ? { gatewayMessageId: sent.data.data.id } : {};
  }
  if (status === 429) throw new ReplyNotSentError(summary, { retryAfterMs: retryAfterMs(headers['retry-after']) });
  if (status === 422) throw invalid(result, summary);
  if (isRefusal(status)) throw new ReplyRejectedError(`${summary}${meaningOf(status)}`);
  throw new ReplyMaybeSentError(summary);
}

function meaningOf(status: number): string {
  if (status === 401) return ': check HTTPSMS_API_KEY';
  return status === 402 ? ': the plan of the account allows no more messages' : '';
}

const fieldNames = z.enum(['from', 'to', 'content', 'request_id', 'encrypted', 'attachments', 'send_at']);
const faults = z.object({ data: z.record(z.string(), z.unknown()) });
const faultsOfFrom = z.object({ data: z.object({ from: z.array(z.string()).min(1) }) });

/**
 * Returns the error for a 422. The server hides a failure of its own database behind one: then it says that the number
 * could not be validated. It says so too when it doesn't know the number, after another fault that names this.
 * https://github.com/NdoleStudio/httpsms (api/pkg/validators/message_handler_validator.go)
 */
function invalid(result: unknown, summary: string): Error {
  const fields = Object.keys(faults.safeParse(result).data?.data ?? {});
  const ofFrom = faultsOfFrom.safeParse(result).data?.data.from ?? [];
  const isTheirs = ofFrom.length > 0 && ofFrom.every((fault) => fault.startsWith('could not validate'));
  if (fields.length === 1 && isTheirs) {
    return new ReplyNotSentError(`${summary}: it could not look up the phone, and asks to try again later`);
  }
  const named = fields.filter((field) => fieldNames.safeParse(field).success);
  return new ReplyRejectedError(named.length > 0 ? `${summary} (${named.join(', ')})` : summary);
}
