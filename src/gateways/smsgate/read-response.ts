import { jsonOf } from '../parse.js';
import { z } from 'zod';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError, type SentReply } from '../gateway.js';
import { type GatewayResponse, isRefusal } from '../request.js';
import { retryAfterMs } from '../retry-after.js';

/** Within how many hours a phone must have asked the cloud for messages, so that it gets one. */
export const activeWithinHours = 12;

const queued = z.object({ id: z.string().min(1).max(200) });
const failed = z.object({ message: z.string() });

/**
 * The refusals before anything is stored, which time heals: their status, and the message that the server writes.
 * https://github.com/android-sms-gateway/server (internal/sms-gateway/handlers/messages/3rdparty.go)
 */
const notStored = [
  {
    status: 503,
    message: /^(failed to enqueue message: )?queue limits exceeded/,
    meaning: 'the queue of the phone is full or too old, check that the phone is online',
  },
  {
    status: 400,
    message: /^failed to select device: record not found$/,
    meaning: `the account has no such phone, or the phone was not online for ${activeWithinHours} hours`,
  },
] as const;

/**
 * Reads the response to a send. A refusal in words may quote the number, so only known ones are told.
 *
 * @param mark of the reply. A 409 says that an earlier try has brought it.
 */
export function readResponse(response: GatewayResponse, mark: string): SentReply {
  const { status, body, headers } = response;
  const summary = `SMSGate answered ${status}`;

  if (status === 409) return { gatewayMessageId: mark };
  if (status >= 200 && status < 300) {
    const accepted = queued.safeParse(jsonOf(body));
    if (accepted.success) return { gatewayMessageId: accepted.data.id };
    throw new ReplyMaybeSentError(`${summary} and did not say whether it took the reply`, { isRepeatable: true });
  }
  if (status === 429) throw new ReplyNotSentError(summary, { retryAfterMs: retryAfterMs(headers['retry-after']) });
  const meaning = meaningOf(response);
  if (meaning !== undefined) throw new ReplyNotSentError(`${summary}: ${meaning}`);
  if (isRefusal(status)) throw new ReplyRejectedError(summary);
  throw new ReplyMaybeSentError(summary, { isRepeatable: true });
}

function meaningOf({ status, body }: GatewayResponse): string | undefined {
  const { data } = failed.safeParse(jsonOf(body));
  return notStored.find((known) => known.status === status && data && known.message.test(data.message))?.meaning;
}
