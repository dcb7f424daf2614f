import type { SenderOf } from './sender.js';

/** Tells whether a list has this sender, given as its identity. */
export type SenderList = (sender: string) => boolean;

/**
 * Creates a list of senders.
 *
 * @param entries numbers in any notation, short codes and names; one that ends with `*` stands for all senders whose
 * identity begins so, such as `+4479*`
 */
export function createSenderList(entries: readonly string[], senderOf: SenderOf): SenderList {
  const prefixes = entries.filter(isPrefix).map((entry) => entry.slice(0, -1).trim());
  const senders = new Set(entries.filter((entry) => !isPrefix(entry)).map(senderOf));
  return (sender) => senders.has(sender) || prefixes.some((prefix) => sender.startsWith(prefix));
}

const isPrefix = (entry: string): boolean => entry.endsWith('*');
