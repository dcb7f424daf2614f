import type { SimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { Contacts } from '../../src/temporal/contacts.js';

export interface RaceVerdicts {
  /** The STOP is not remembered. */
  forgotten: string[];
  /** The STOP was confirmed never, or more than once. */
  notConfirmedOnce: string[];
  /** More than one reply beside the confirmation. */
  twice: string[];
  /** A reply whose contact was asked for only after its STOP was remembered. */
  late: string[];
}

/** Notes what happens to each number in a race, all by the clock of this process. */
export function createRaceLedger(confirmation: string) {
  /** When the STOP of a number was remembered: the server had said so. */
  const markers = new Map<string, number>();
  /** When the contact of a number was last asked for. */
  const looks = new Map<string, number>();
  const confirmed: string[] = [];
  const replies: Array<{ to: string; atMs: number; lookedAtMs: number }> = [];

  const note = (number: string) => {
    if (!markers.has(number)) markers.set(number, performance.now());
  };

  return {
    isRemembered: (number: string) => markers.has(number),
    /** How many replies reached the gateway, beside confirmations. */
    replies: () => replies.length,

    /** @param isAsked whether the contact is really asked for; false: nothing is remembered of anyone */
    contactsOf: (
      contacts: Contacts,
      { isAsked, holdMarker }: { isAsked: boolean; holdMarker: (number: string) => Promise<void> },
    ): Contacts => ({
      ...contacts,
      async begin(contact) {
        await holdMarker(contact.sender);
        const isNew = await contacts.begin(contact);
        if (isNew) note(contact.sender);
        return isNew;
      },
      async optOut(contact) {
        await contacts.optOut(contact);
        note(contact.sender);
      },
      async stateOf(senders) {
        for (const sender of senders) looks.set(sender, performance.now());
        return isAsked ? contacts.stateOf(senders) : undefined;
      },
    }),

    watch: ({ switches }: SimulatedGateway) =>
      switches.onSent(({ to, text }) => {
        const atMs = performance.now();
        if (text === confirmation) confirmed.push(to);
        else replies.push({ to, atMs, lookedAtMs: looks.get(to) ?? -Infinity });
      }),

    /** How much later than the STOP was remembered replies arrived, in milliseconds: the gap that remains. */
    gapsMs: () => replies.map(({ to, atMs }) => atMs - (markers.get(to) ?? Infinity)).filter((gapMs) => gapMs > 0),

    verdicts(numbers: readonly string[]): RaceVerdicts {
      const countIn = (list: readonly string[], number: string) => list.filter((one) => one === number).length;
      const replied = replies.map(({ to }) => to);
      return {
        forgotten: numbers.filter((number) => !markers.has(number)),
        notConfirmedOnce: numbers.filter((number) => countIn(confirmed, number) !== 1),
        twice: numbers.filter((number) => countIn(replied, number) > 1),
        late: replies.filter(({ to, lookedAtMs }) => lookedAtMs > (markers.get(to) ?? Infinity)).map(({ to }) => to),
      };
    },
  };
}

export type RaceLedger = ReturnType<typeof createRaceLedger>;

/** What is expected of every race. */
export const noFault: RaceVerdicts = { forgotten: [], notConfirmedOnce: [], twice: [], late: [] };
