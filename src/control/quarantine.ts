import { z } from 'zod';

/** What a list says of an entry of the quarantine: no text, and the number masked. */
const quarantinedSummary = z.object({
  id: z.int(),
  /** When it came, ISO 8601. */
  at: z.string(),
  reason: z.string(),
  bytes: z.int().optional(),
  guid: z.string().optional(),
  number: z.string().optional(),
  /** Why it cannot be looked at, and what to do. */
  unreadable: z.string().optional(),
});
export type QuarantinedSummary = z.infer<typeof quarantinedSummary>;

export const quarantinePage = z.object({ entries: z.array(quarantinedSummary) });

export const quarantinedEntry = quarantinedSummary.extend({
  /** As it came, in base64. */
  raw: z.base64(),
});
export type QuarantinedEntry = z.infer<typeof quarantinedEntry>;

/** What to correct before an entry is read again. */
export const mending = z.strictObject({ guid: z.string().optional(), number: z.string().optional(), message: z.string().optional() });
export type Mending = z.infer<typeof mending>;

export const requeued = z.object({
  /** GUIDs of what is accepted now. */
  accepted: z.array(z.string()),
  /** How many of them had been accepted before. */
  duplicates: z.int(),
  /** What is still not valid, and why. It stays in the quarantine. */
  rejected: z.array(z.string()),
  /** The ids by which what is not valid can be found: new ones where a part was accepted. */
  left: z.array(z.int()),
});
export type Requeued = z.infer<typeof requeued>;

/** What the api does for the commands. Each of the last two gives undefined when there is no such entry. */
export interface QuarantineDesk {
  /** None only at the end. */
  list(afterId: number): Promise<QuarantinedSummary[]>;
  show(id: number): Promise<QuarantinedEntry | undefined>;
  requeue(id: number, mending: Mending): Promise<Requeued | undefined>;
}
