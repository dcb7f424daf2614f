import type { z } from 'zod';
import type { Post } from '../../domain/intake.js';
import { type InboundMessage, messageVersion } from '../../domain/message.js';
import type { SenderOf } from '../../domain/sender.js';
import type { RequestHead } from '../gateway.js';
import { prefixedMessageId } from '../message-id.js';
import { invalidFields } from '../parse.js';
import { answeredByDefault } from './default-words.js';
import { fieldsOf, readForm } from './form.js';
import { name } from './name.js';
import { postedReceipt, postedText } from './posted.js';
import { receiptsIn } from './receipts.js';

export interface ReadOptions {
  accountSid: string;
  acceptedAt: Date;
  query: RequestHead['query'];
  senderOf: SenderOf;
}

const nothing: Post = { messages: [], rejected: [] };

/**
 * Parses a post: a text, a receipt, or something else that changes nothing.
 *
 * @throws {ProblemError} 400 when it has too many parameters
 */
export function readPost(body: Buffer, { accountSid, acceptedAt, query, senderOf }: ReadOptions): Post {
  const form = readForm(body);
  const isReceipt = form.has('MessageStatus') && !form.has('Body');
  if (!isReceipt && !form.has('MessageSid') && !form.has('Body')) return nothing;
  const rejected = (reason: string): Post => ({ messages: [], rejected: [{ index: 0, reason, raw: body }] });

  const parsed = (isReceipt ? postedReceipt : postedText).safeParse(fieldsOf(form));
  if (!parsed.success) return rejected(invalidFields(parsed.error));
  if (parsed.data.AccountSid !== accountSid) return rejected('AccountSid: is not the account in TWILIO_ACCOUNT_SID');
  if (!('From' in parsed.data)) return { ...nothing, receipts: receiptsIn(parsed.data, query) };
  return { messages: [messageOf(parsed.data, { acceptedAt, senderOf })], rejected: [] };
}

function messageOf(
  { MessageSid, From, To, Body = '', OptOutType }: z.infer<typeof postedText>,
  { acceptedAt, senderOf }: Pick<ReadOptions, 'acceptedAt' | 'senderOf'>,
): InboundMessage {
  return {
    version: messageVersion,
    id: prefixedMessageId(name, MessageSid),
    gateway: name,
    from: From,
    sender: senderOf(numberIn(From)),
    to: To,
    text: Body,
    acceptedAt: acceptedAt.toISOString(),
    answeredByProvider: OptOutType ?? answeredByDefault({ from: From, to: To, text: Body }),
  };
}

/** Drops the channel in front of a number: a person is the same sender by SMS and by WhatsApp. */
const numberIn = (from: string): string => from.replace(/^(whatsapp|rcs):(?=\+\d+$)/i, '');
