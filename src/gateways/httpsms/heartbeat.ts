import { z } from 'zod';
import type { PhoneSign } from '../../domain/phone-sign.js';

/** The server notices that a phone stops or starts again to report: https://docs.httpsms.com/webhooks/events */
const heartbeatEvent = z.object({
  type: z.enum(['phone.heartbeat.offline', 'phone.heartbeat.online']),
  data: z.object({ owner: z.string().min(4).max(64) }),
});

/** Returns what an event says about a phone; none in events of other types. */
export function phonesIn(posted: unknown): PhoneSign[] {
  const parsed = heartbeatEvent.safeParse(posted);
  if (!parsed.success) return [];
  const { type, data } = parsed.data;
  // A metric has no whole number.
  return [{ line: data.owner.slice(-4), sign: type === 'phone.heartbeat.online' ? 'alive' : 'dead' }];
}
