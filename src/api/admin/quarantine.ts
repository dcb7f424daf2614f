import { ProblemError } from '../../http/problem.js';
import type { Log } from '../../log/log.js';
import { maskNumber } from '../../log/mask-number.js';
import type { Corrections, Inbound } from '../../gateways/gateway.js';
import type { Post } from '../../domain/intake.js';
import { readAgain } from './requeue.js';

interface QuarantinedEntry {
  id: number;
  /** In Unix milliseconds. */
  at: number;
  reason: string;
  gateway: string | null;
  count: number;
  /** Absent when it is sealed with a missing key; `unreadable` then has the reason. */
  raw?: Uint8Array;
  unreadable?: string;
}

/** The part of the inbox that is used here. */
interface Quarantine {
  quarantined(afterId: number, limit: number): Promise<QuarantinedEntry[]>;
  requeue(id: number, post: Post): Promise<readonly number[] | undefined>;
  status(): { evicted: number };
}

/** Entries read in one step: few enough not to delay acknowledgements. */
const pageEntries = 50;

export interface QuarantineAdminOptions {
  inbox: Quarantine;
  /**
   * Returns what reads the posts of a gateway; undefined when this api has no webhook of it. Without a gateway, the
   * first one is meant.
   */
  inboundOf: (gateway: string | null) => Pick<Inbound, 'read' | 'correct' | 'namesIn'> | undefined;
  log: Log;
}

/** Operators list, show and requeue the entries of the quarantine. */
export function createQuarantineAdmin({ inbox, inboundOf, log }: QuarantineAdminOptions) {
  function requireInbound(gateway: string | null) {
    const inbound = inboundOf(gateway);
    if (inbound) return inbound;
    throw new ProblemError('invalid-body', { detail: `This api has no webhook of ${gateway}: set its variables.` });
  }

  async function find(id: number): Promise<QuarantinedEntry | undefined> {
    const [entry] = await inbox.quarantined(id - 1, 1);
    return entry?.id === id ? entry : undefined;
  }

  return {
    list: async (afterId: number) => ({
      entries: (await inbox.quarantined(afterId, pageEntries)).map((entry) => summaryOf(entry, inboundOf)),
      evicted: inbox.status().evicted,
    }),

    async show(id: number) {
      const entry = await find(id);
      return entry && { ...summaryOf(entry, inboundOf), raw: Buffer.from(readable(entry)).toString('base64') };
    },

    /**
     * Reads an entry again and accepts its valid messages; they leave the quarantine with the same commit. Changes
     * nothing when no message is valid.
     */
    async requeue(id: number, corrections: Corrections) {
      const entry = await find(id);
      if (!entry) return undefined;
      const gateway = entry.gateway === null ? {} : { gateway: entry.gateway };
      const post = {
        ...readAgain(requireInbound(entry.gateway), readable(entry), corrections, new Date()),
        ...gateway,
      };
      const { messages, rejected } = post;
      const reasons = rejected.map(({ reason }) => reason);
      if (messages.length === 0)
        return { accepted: [], rejected: reasons.length > 0 ? reasons : ['The entry has no message'], left: [id] };
      const left = await inbox.requeue(id, post);
      if (!left) return undefined;
      log.info(
        { event: 'quarantine.requeued', id, messages: messages.length, rejected: rejected.length },
        `Requeued quarantine entry ${id}`,
      );
      return { accepted: messages.map(({ id: guid }) => guid), rejected: reasons, left: [...left] };
    },
  };
}

function summaryOf(entry: QuarantinedEntry, inboundOf: QuarantineAdminOptions['inboundOf']) {
  const { id, at, reason, gateway, count, raw, unreadable } = entry;
  const { guid, number } = (raw && inboundOf(gateway)?.namesIn(raw)) ?? {};
  return {
    id,
    at: new Date(at).toISOString(),
    reason,
    count,
    ...(raw && { bytes: raw.length }),
    ...(guid !== undefined && { guid }),
    ...(number !== undefined && { number: maskNumber(number) }),
    ...(unreadable !== undefined && { unreadable }),
  };
}

function readable({ id, raw, unreadable }: QuarantinedEntry): Uint8Array {
  if (!raw) throw new ProblemError('invalid-body', { detail: `Quarantine entry ${id} can't be read. ${unreadable}` });
  return raw;
}
