import { z } from 'zod';
import type { Outbound } from '../gateway.js';
import { apiUrl, getFromApi } from './api.js';
import type { HttpSmsSettings } from './settings.js';

const listed = z.object({ data: z.array(z.unknown()) });
const listedReply = z.object({
  id: z.string().min(1).max(200),
  request_id: z.string(),
  type: z.literal('mobile-terminated'),
  status: z.string(),
  send_attempt_count: z.number().optional().catch(undefined),
  max_send_attempts: z.number().optional().catch(undefined),
});

/** The most that the API lists at once, the newest first. */
const limit = '20';

/**
 * Creates the question about an ambiguous send: the newest messages between the two numbers, by our mark. It never
 * returns `not sent`: the server may still be writing the message, and a phone that reported no success may have sent
 * it nevertheless, or a part of it.
 */
export function createLookUp(settings: HttpSmsSettings): NonNullable<Outbound['lookUp']> {
  return async ({ from, to, mark }, signal) => {
    if (from === undefined) return 'unknown';
    const url = apiUrl(settings.url, '/v1/messages');
    url.search = new URLSearchParams({ owner: from, contact: to, skip: '0', limit }).toString();
    const { status, body } = await getFromApi(url, settings, signal).catch(() => ({ status: 0, body: undefined }));
    if (status !== 200) return 'unknown';
    const replies = (listed.safeParse(body).data?.data ?? []).map((one) => listedReply.safeParse(one).data);
    const found = replies.find((reply) => reply?.request_id === mark);
    return found && !hasFailed(found) ? { gatewayMessageId: found.id } : 'unknown';
  };
}

/** An expired reply with attempts left is pushed to the phone again. */
function hasFailed({ status, send_attempt_count, max_send_attempts }: z.infer<typeof listedReply>): boolean {
  return status === 'failed' || (status === 'expired' && !((send_attempt_count ?? 1) < (max_send_attempts ?? 1)));
}
