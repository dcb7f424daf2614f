import { z } from 'zod';
import type { Post } from '../../domain/intake.js';
import type { InboundMessage } from '../../domain/message.js';
import type { SenderOf } from '../../domain/sender.js';
import { ProblemError, retryAfter } from '../../http/problem.js';
import { apiUrl, getFromApi } from './api.js';
import { type PostedText, receivedAtOf, rejectedText } from './read-post.js';
import type { HttpSmsSettings } from './settings.js';

const storedMessage = z.object({
  data: z.object({
    id: z.string(),
    type: z.string(),
    owner: z.string().min(1).max(64),
    contact: z.string().min(1).max(64),
    content: z.string().max(40_000),
    /** When the phone received the text. */
    received_at: z.iso.datetime({ offset: true }).optional().catch(undefined),
    encrypted: z.boolean().optional().catch(undefined),
  }),
});
type StoredMessage = z.infer<typeof storedMessage>['data'];

/** A text that is not what httpSMS has: its reason. */
interface Refusal {
  reason: string;
}

/**
 * Creates the confirmation of posts: each text is replaced by the one that httpSMS has under the same id, because the
 * token of a post doesn't cover its body. A text that httpSMS doesn't have is moved to the rejected ones.
 *
 * @param postedOf returns what a message was read from
 */
export function createConfirm(
  settings: HttpSmsSettings,
  { senderOf, postedOf }: { senderOf: SenderOf; postedOf: (message: InboundMessage) => PostedText | undefined },
): (post: Post) => Promise<Post> {
  async function confirmed(message: InboundMessage, { messageId }: PostedText): Promise<InboundMessage | Refusal> {
    const stored = await fetchMessage(messageId, settings);
    const reason = stored ? differenceOf(message, messageId, stored) : 'httpSMS has no message with this id';
    if (!stored || reason) return { reason: `data.message_id: ${reason}` };
    const { contact, content, owner, received_at } = stored;
    return {
      ...message,
      from: contact,
      sender: senderOf(contact),
      to: owner,
      text: content,
      receivedAt: receivedAtOf(received_at, new Date(message.acceptedAt)),
    };
  }

  return async (post) => {
    const messages: InboundMessage[] = [];
    const rejected = [...post.rejected];
    for (const message of post.messages) {
      const posted = postedOf(message);
      if (!posted) throw new Error('Only a post that was just read can be confirmed');
      const result = await confirmed(message, posted);
      if ('reason' in result) rejected.push(rejectedText(result.reason, posted.raw));
      else messages.push(result);
    }
    return { ...post, messages, rejected };
  };
}

/** Returns why the stored message isn't the posted text; undefined when it is. */
function differenceOf({ to }: InboundMessage, messageId: string, stored: StoredMessage): string | undefined {
  if (stored.id !== messageId) return 'httpSMS returned a message with another id';
  // Otherwise the id of a reply of ours would make it a text to answer.
  if (stored.type !== 'mobile-originated') return 'httpSMS has this message, but not as a received text';
  if (to !== undefined && stored.owner !== to) return 'httpSMS has this message for another number of yours';
  if (stored.encrypted) return 'httpSMS has this message encrypted: switch off encryption in the httpSMS app';
  return undefined;
}

/**
 * Fetches a message of the account; undefined when there is none.
 *
 * @throws {ProblemError} 503 when the API doesn't tell
 */
async function fetchMessage(messageId: string, settings: HttpSmsSettings): Promise<StoredMessage | undefined> {
  const url = apiUrl(settings.url, `/v1/messages/${encodeURIComponent(messageId)}`);
  const { status, body } = await getFromApi(url, settings).catch(() => {
    throw notConfirmed('did not respond in time');
  });
  // 422: it isn't a UUID.
  if (status === 404 || status === 422) return undefined;
  const parsed = storedMessage.safeParse(body);
  if (status !== 200 || !parsed.success) throw notConfirmed(`answered ${status}`);
  return parsed.data.data;
}

function notConfirmed(what: string): ProblemError {
  const detail = `The message could not be confirmed: the API of httpSMS ${what}. Post it again.`;
  return new ProblemError('not-accepted', { detail, headers: retryAfter });
}
