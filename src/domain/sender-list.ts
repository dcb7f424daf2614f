import type { SenderOf } from './sender.js';

/** Tells whether a list has this sender, given as its identity. */
export type SenderList = (sender: string) => boolean;

/** Which senders get replies: those of `allow`, or all when it is undefined, but for those of `deny`. */
export interface RepliedSenders {
  allow: readonly string[] | undefined;
  deny: readonly string[];
}

/**
 * Creates a list of senders.
 *
 * @param entries numbers in any notation, short codes and names; one that ends with `*` stands for all senders whose
 * identity begins so, such as `+4479*`
 */
export function createSenderList(entries: readonly string[], senderOf: SenderOf): SenderList {
  const prefixes = entries.filter(isPrefix).map(prefixOf);
  const senders = new Set(entries.filter((entry) => !isPrefix(entry)).map(senderOf));
  return (sender) => senders.has(sender) || prefixes.some((prefix) => sender.startsWith(prefix));
}

/** Creates the function that tells whether a sender gets replies. */
export function createMayReply({ allow, deny }: RepliedSenders, senderOf: SenderOf): SenderList {
  const isAllowed = allow ? createSenderList(allow, senderOf) : () => true;
  const isDenied = createSenderList(deny, senderOf);
  return (sender) => isAllowed(sender) && !isDenied(sender);
}

/** A prefix of numbers is compared without the signs between its digits, and with `+` for `00`. */
function prefixOf(entry: string): string {
  const prefix = entry.slice(0, -1).trim();
  return /^[+\d\s().-]+$/.test(prefix) ? prefix.replace(/[^+\d]/g, '').replace(/^00/, '+') : prefix;
}

const isPrefix = (entry: string): boolean => entry.endsWith('*');
