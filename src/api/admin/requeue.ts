import type { Post } from '../../domain/intake.js';
import { ProblemError } from '../../http/problem.js';
import type { Corrections, Inbound } from '../../gateways/gateway.js';

/**
 * Reads a quarantined entry again, the way the webhook reads a post. Its messages count as accepted now, so they are
 * not too old for a reply.
 *
 * @param raw as received
 * @throws {ProblemError} when the entry is still unreadable, or the corrections don't fit it
 */
export function readAgain(
  inbound: Pick<Inbound, 'read' | 'correct'>,
  raw: Uint8Array,
  corrections: Corrections,
  now: Date,
): Post {
  const posted = Buffer.from(raw);
  const isCorrected = Object.values(corrections).some((value) => value !== undefined);
  const { messages, ...post } = inbound.read(isCorrected ? correct(inbound, posted, corrections) : posted, now, {});
  return { ...post, messages: messages.map((message) => ({ ...message, receivedAt: undefined })) };
}

function correct(inbound: Pick<Inbound, 'correct'>, posted: Buffer, corrections: Corrections): Buffer {
  if (inbound.correct) return inbound.correct(posted, corrections);
  throw new ProblemError('invalid-messages', { detail: "The fields of this gateway's posts can't be set." });
}
