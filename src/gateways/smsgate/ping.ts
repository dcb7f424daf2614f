import { z } from 'zod';
import type { PhoneSign } from '../../domain/phone-sign.js';
import { deviceIdPattern } from './line.js';

/** A phone posts it every few minutes when Ping is switched on: https://docs.sms-gate.app/features/ping/ */
const pingEvent = z.object({
  event: z.literal('system:ping'),
  deviceId: z.string().regex(deviceIdPattern),
  payload: z
    .object({ health: z.object({ status: z.string().optional() }).optional() })
    .optional()
    .catch(undefined),
});

/** Returns what an event says about a phone; undefined for events of other types. */
export function phoneIn(posted: unknown): PhoneSign | undefined {
  const { data } = pingEvent.safeParse(posted);
  return data && { line: data.deviceId, sign: data.payload?.health?.status === 'fail' ? 'dead' : 'alive' };
}
