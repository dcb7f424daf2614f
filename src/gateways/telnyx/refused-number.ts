import type { RefusedNumber } from '../../domain/receipt.js';
import type { TelnyxError } from './codes.js';

/** "Blocked due to STOP message": the number opted out of this messaging profile. */
const optedOutCode = '40300';
/** The number is inactive, invalid, not in E.164, or a landline. */
const unreachableCodes = ['10001', '10002', '10016', '40001'];

/** Returns what the errors of a send, or of a failed receipt, say about the number. */
export function refusedNumber(errors: readonly TelnyxError[]): RefusedNumber | undefined {
  // The same codes tell of our own number, by their pointer: that says nothing about the person's.
  const about = errors.filter(({ pointer }) => !pointer.startsWith('/from'));
  if (about.some(({ code }) => code === optedOutCode)) return 'opted-out';
  return about.some(({ code }) => unreachableCodes.includes(code)) ? 'unreachable' : undefined;
}
