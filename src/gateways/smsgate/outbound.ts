import { sendTimeoutMs } from '../../domain/waiting.js';
import { type Outbound, type OutboundReply, ReplyMaybeSentError, ReplyRejectedError } from '../gateway.js';
import { basicAuthorization, postJson, withoutSlash } from '../request.js';
import { phoneOf } from './line.js';
import { name } from './name.js';
import { activeWithinHours, readResponse } from './read-response.js';
import type { SmsGateSettings } from './settings.js';

/** The shortest time to live that the API accepts. */
const minTtlSeconds = 5;

/** From this priority on, a message passes the limits and delays of the phone. */
const urgentPriority = 100;

/**
 * Creates the outbound side of SMSGate: https://docs.sms-gate.app
 *
 * A message has our mark as its id, and is for one phone. An id is unique on a phone, so the same request can be
 * repeated without a second SMS.
 */
export function createOutbound({ url, user, password, timeoutMs = sendTimeoutMs }: SmsGateSettings): Outbound {
  // Without `skipPhoneValidation`, a number without a country code is taken for a Russian one.
  const query = new URLSearchParams({ skipPhoneValidation: 'true', deviceActiveWithin: String(activeWithinHours) });
  const sendUrl = new URL(`${withoutSlash(url)}/messages?${query.toString()}`);
  const headers = { authorization: basicAuthorization(user, password) };

  return {
    name,
    async send(reply, signal) {
      const message = messageOf(reply);
      const response = await postJson(sendUrl, message, { headers, timeoutMs, signal }).catch(repeatable);
      return readResponse(response, reply.mark);
    },
  };
}

function messageOf({ to, line, text, validForMs, isUrgent, mark }: OutboundReply): object {
  if (line === undefined)
    throw new ReplyRejectedError('The message does not say which phone received it, so the reply has no phone');
  const { deviceId, simNumber } = phoneOf(line);
  return {
    id: mark,
    deviceId,
    phoneNumbers: [to],
    textMessage: { text },
    ...(simNumber !== undefined && { simNumber }),
    withDeliveryReport: true,
    ttl: Math.max(minTtlSeconds, Math.floor(validForMs / 1_000)),
    priority: isUrgent ? urgentPriority : 0,
  };
}

function repeatable(error: unknown): never {
  throw error instanceof ReplyMaybeSentError ? new ReplyMaybeSentError(error.message, { isRepeatable: true }) : error;
}
