import { mentions } from '../domain/mentions.js';
import type { SenderToErase } from '../domain/sender.js';
import type { Entries } from './entries.js';
import type { Quarantine } from './quarantine.js';

/** What an erasure found. */
export interface Erased {
  /** The ids of the messages that waited and are erased. */
  guids: string[];
  /** The number of quarantine entries that were erased. */
  quarantined: number;
  /** The number of entries that could not be read because their key is missing. */
  unreadable: number;
}

/** Where the next step of an erasure continues: after an entry, and in the quarantine at a byte of the next one. */
export type ErasureCursor = { table: 'entries'; after: number } | { table: 'quarantine'; after: number; byte: number };

/** The result of one step, and where the next one continues; undefined at the end. */
export interface ErasureStep extends Erased {
  next: ErasureCursor | undefined;
}

/** Runs all steps of an erasure and adds up their results. */
export async function eraseAll(runStep: (cursor: ErasureCursor) => Promise<ErasureStep>): Promise<Erased> {
  const erased: Erased = { guids: [], quarantined: 0, unreadable: 0 };
  for (let cursor: ErasureCursor | undefined = { table: 'entries', after: 0 }; cursor;) {
    const step: ErasureStep = await runStep(cursor);
    erased.guids.push(...step.guids);
    erased.quarantined += step.quarantined;
    erased.unreadable += step.unreadable;
    cursor = step.next;
  }
  return erased;
}

/** The bytes of a quarantine entry that one step searches, so that it delays acknowledgements by less than 5 ms. */
const searchedBytes = 32_768;

/** Two searches overlap by more than the longest notation with signs between all of its digits. */
const overlapBytes = 1_024;

/** Erases a sender from a small part of the inbox. The caller runs it in a transaction. */
export function eraseStep(
  { sender, notations }: SenderToErase,
  cursor: ErasureCursor,
  entries: Entries,
  quarantine: Quarantine,
): ErasureStep {
  if (cursor.table === 'quarantine') return eraseQuarantined(notations, cursor, quarantine);
  const { ids: guids, unreadable, next } = entries.erase(sender, cursor.after);
  return {
    ...{ guids, unreadable, quarantined: 0 },
    next: next === undefined ? { table: 'quarantine', after: 0, byte: 0 } : { table: 'entries', after: next },
  };
}

function eraseQuarantined(
  notations: readonly string[],
  { after, byte }: Extract<ErasureCursor, { table: 'quarantine' }>,
  quarantine: Quarantine,
): ErasureStep {
  const [entry] = quarantine.list(after, 1);
  const nothing: Erased = { guids: [], quarantined: 0, unreadable: 0 };
  if (!entry) return { ...nothing, next: undefined };
  const { id, raw } = entry;
  const next = { table: 'quarantine', after: id, byte: 0 } as const;
  if (!raw) return { ...nothing, unreadable: 1, next };
  const end = byte + searchedBytes;
  if (!mentions(Buffer.from(raw).subarray(byte, end + overlapBytes), notations))
    return { ...nothing, next: end < raw.length ? { table: 'quarantine', after, byte: end } : next };
  quarantine.remove(id);
  return { ...nothing, quarantined: 1, next };
}
