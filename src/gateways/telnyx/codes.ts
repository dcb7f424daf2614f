import { z } from 'zod';

/** The address in our request that an error is about. */
const source = z.object({ pointer: z.string() }).optional().catch(undefined);

const errors = z.array(
  z.object({ code: z.coerce.string().regex(/^\d{1,6}$/), source }).or(z.unknown().transform(() => undefined)),
);

/** An error of Telnyx. Its title and its detail are left out: they may quote numbers. */
export interface TelnyxError {
  /** Up to six digits: https://developers.telnyx.com/docs/messaging/messages/error-codes */
  code: string;
  /** The field of the request that it is about, such as `/to`; empty when it doesn't tell. */
  pointer: string;
}

/** Returns what can be read of a list of errors, in the order of the list. */
export function errorsIn(list: unknown): TelnyxError[] {
  const parsed = errors.safeParse(list);
  return (parsed.data ?? []).flatMap((error) =>
    error ? [{ code: error.code, pointer: error.source?.pointer ?? '' }] : [],
  );
}
