/** The numbers of conversations: those of people and machines differ from those of the ordinary load. */

const prefixes = { person: '+1666', machine: '+1777' } as const;

export const numberOf = (who: keyof typeof prefixes, index: number) =>
  `${prefixes[who]}${String(index).padStart(7, '0')}`;

export const isConversation = (number: string) => Object.values(prefixes).some((prefix) => number.startsWith(prefix));
