import type { RefusedNumber } from '../../domain/receipt.js';

/** Codes that say something about the number: https://www.twilio.com/docs/api/errors */
const refusedNumbers: ReadonlyMap<number, RefusedNumber> = new Map([
  [21610, 'opted-out'],
  [21211, 'unreachable'], // not a valid number
  [21265, 'unreachable'], // a short code
  [21614, 'unreachable'], // not a mobile number
  [21635, 'unreachable'], // a landline
  [30006, 'unreachable'], // a landline, or a carrier that Twilio can't reach
]);

/** Returns what the error code of a send, or of a failed receipt, says about the number. */
export const refusedNumber = (code: number | undefined): RefusedNumber | undefined =>
  code === undefined ? undefined : refusedNumbers.get(code);
