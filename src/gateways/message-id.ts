import { createHash } from 'node:crypto';
import { hashedId } from '../secrets/hashed-id.js';

/** The gateways whose message ids begin with their name. Those that don't exist yet have their names reserved. */
const prefixes = ['smsgate', 'twilio', 'httpsms', 'telnyx'] as const;

/**
 * Some gateways accept at most 36 characters as the mark of a reply: the id, `-2` to `-20` for another message with the
 * same id, a dot, and the number of the send.
 */
const maxLength = 30;

/**
 * Returns the message id for a gateway's own id: `<gateway>.<id>`, at most 30 characters. An id that is too long, or
 * that can't be part of a workflow id, is replaced by its hash.
 */
export function prefixedMessageId(gateway: (typeof prefixes)[number], id: string): string {
  const prefixed = `${gateway}.${id}`;
  if (prefixed.length <= maxLength && /^[A-Za-z0-9._-]+$/.test(id)) return prefixed;
  return `${gateway}.${createHash('sha256').update(id).digest('base64url')}`.slice(0, maxLength);
}

/**
 * Returns the message id for the id of a gateway whose ids are used unchanged. Only an id that looks like one of
 * another gateway is hashed: otherwise two texts would be one message.
 */
export function plainMessageId(id: string): string {
  if (!prefixes.some((gateway) => id.startsWith(`${gateway}.`))) return id;
  return hashedId(id);
}
