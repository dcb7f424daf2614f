import { ProblemError } from '../http/problem.js';
import { type Log, maskNumber } from '../log.js';
import { type Mending, namesIn, readAgain } from './requeue.js';

interface Entry {
  id: number;
  /** In Unix milliseconds. */
  at: number;
  reason: string;
  /** Absent where its key is missing, which `unreadable` says. */
  raw?: Uint8Array;
  unreadable?: string;
}

/** What the desk needs of the inbox. */
interface Quarantine {
  quarantined(afterId: number, limit: number): Promise<Entry[]>;
  requeue(requeue: {
    id: number;
    guids: readonly string[];
    texts: readonly string[];
    messages: readonly string[];
    quarantined: ReadonlyArray<{ reason: string; raw: string | Uint8Array }>;
  }): Promise<{ fresh: number; conflicts: readonly number[]; left: readonly number[] } | undefined>;
}

/** Looked at in one step, so that acknowledgements in between do not wait. */
const pageEntries = 50;

/** What operators do with the quarantine: look, and have an entry read once more. */
export function createQuarantineDesk({ inbox, log }: { inbox: Quarantine; log: Log }) {
  async function find(id: number): Promise<Entry | undefined> {
    const [entry] = await inbox.quarantined(id - 1, 1);
    return entry?.id === id ? entry : undefined;
  }

  return {
    list: async (afterId: number) => (await inbox.quarantined(afterId, pageEntries)).map(summaryOf),

    async show(id: number) {
      const entry = await find(id);
      return entry && { ...summaryOf(entry), raw: Buffer.from(readable(entry)).toString('base64') };
    },

    /** What is valid now is accepted, and leaves the quarantine with the same commit; where nothing is, nothing changes. */
    async requeue(id: number, mending: Mending) {
      const entry = await find(id);
      if (!entry) return undefined;
      const raw = readable(entry);
      const { messages, rejected } = readAgain({ reason: entry.reason, raw }, mending, new Date());
      const reasons = rejected.map(({ reason }) => reason);
      if (messages.length === 0) return { accepted: [], duplicates: 0, rejected: reasons.length > 0 ? reasons : ['It brings no message'], left: [id] };
      const guids = messages.map(({ guid }) => guid);
      const requeued = await inbox.requeue({
        id,
        guids,
        texts: messages.map(({ text }) => text),
        messages: messages.map((message) => JSON.stringify(message)),
        quarantined: rejected.map(({ reason, raw }) => ({ reason, raw })),
      });
      if (!requeued) return undefined;
      const { fresh, conflicts, left } = requeued;
      log.info({ event: 'quarantine.requeued', id, fresh, conflicts: conflicts.length, rejected: rejected.length }, `Requeued entry ${id} of the quarantine`);
      return {
        accepted: guids.filter((_, index) => !conflicts.includes(index)),
        duplicates: guids.length - fresh - conflicts.length,
        rejected: [...reasons, ...conflicts.map((index) => `guid: ${guids[index]} is another text's; kept as a guid-conflict, which gets a GUID of its own when it is requeued`)],
        left: [...left],
      };
    },
  };
}

function summaryOf({ id, at, reason, raw, unreadable }: Entry) {
  const { guid, number } = raw ? namesIn({ raw }) : {};
  return {
    id,
    at: new Date(at).toISOString(),
    reason,
    ...(raw && { bytes: raw.length }),
    ...(guid !== undefined && { guid }),
    ...(number !== undefined && { number: maskNumber(number) }),
    ...(unreadable !== undefined && { unreadable }),
  };
}

function readable({ id, raw, unreadable }: Entry): Uint8Array {
  if (!raw) throw new ProblemError('invalid-body', { detail: `Entry ${id} cannot be opened. ${unreadable}` });
  return raw;
}
