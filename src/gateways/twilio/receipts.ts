import type { Receipt } from '../../domain/receipt.js';
import type { RequestHead } from '../gateway.js';
import { routePath } from './route-path.js';
import { name } from './name.js';
import { refusedNumber } from './refused-number.js';
import { statesByStatus, type postedReceipt } from './posted.js';
import type { z } from 'zod';

/** The parameter in the query of a receipt's address that has our mark of the send. Twilio signs it too. */
const markParameter = 'm';

const maxMarkLength = 200;

/** Returns the address to which Twilio posts the receipts of one send. */
export const receiptsUrl = (publicUrl: string, mark: string): string =>
  `${publicUrl}${routePath}?${markParameter}=${encodeURIComponent(mark)}`;

/** Returns the receipt in a post; none when it has no mark of ours, or a status that says nothing about a reply. */
export function receiptsIn(
  { MessageStatus: status, ErrorCode: errorCode }: z.infer<typeof postedReceipt>,
  query: RequestHead['query'],
): Receipt[] {
  const mark = query[markParameter];
  if (typeof mark !== 'string' || mark === '' || mark.length > maxMarkLength || status === undefined) return [];
  const state = statesByStatus[status];
  if (state !== 'failed') return [{ mark, gateway: name, state }];
  const number = errorCode === undefined ? undefined : refusedNumber(Number(errorCode));
  return [{ mark, gateway: name, state, code: errorCode ?? status, ...(number && { number }) }];
}
