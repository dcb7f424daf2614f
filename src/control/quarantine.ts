import { z } from 'zod';

/** An entry of the quarantine, as lists show it: without the text, and with the number masked. */
const quarantinedSummary = z.object({
  id: z.int(),
  /** When it arrived last, ISO 8601. */
  at: z.string(),
  reason: z.string(),
  /** How often the same bytes arrived. */
  count: z.int(),
  bytes: z.int().optional(),
  guid: z.string().optional(),
  number: z.string().optional(),
  /** Why it cannot be decrypted, and what to do. */
  unreadable: z.string().optional(),
});
export type QuarantinedSummary = z.infer<typeof quarantinedSummary>;

export const quarantinePage = z.object({
  entries: z.array(quarantinedSummary),
  /** How many entries were ever removed to make room, or because they were too old. */
  evicted: z.int(),
});
export type QuarantinePage = z.infer<typeof quarantinePage>;

export const quarantinedEntry = quarantinedSummary.extend({
  /** The bytes as they arrived, in base64. */
  raw: z.base64(),
});
export type QuarantinedEntry = z.infer<typeof quarantinedEntry>;

/** Corrections to an entry before it is read again. */
export const corrections = z.strictObject({
  guid: z.string().optional(),
  number: z.string().optional(),
  message: z.string().optional(),
});
export type Corrections = z.infer<typeof corrections>;

export const requeued = z.object({
  /** GUIDs of the messages that were accepted. */
  accepted: z.array(z.string()),
  /** Reasons why the rest is still invalid. It stays in the quarantine. */
  rejected: z.array(z.string()),
  /** Ids of the entries that stay. They are new when a part of the entry was accepted. */
  left: z.array(z.int()),
});
export type Requeued = z.infer<typeof requeued>;

/** What the api implements for the quarantine commands. `show` and `requeue` return undefined for an unknown id. */
export interface QuarantineAdmin {
  /** The entries after this id, in pages. An empty page is the end. */
  list(afterId: number): Promise<QuarantinePage>;
  show(id: number): Promise<QuarantinedEntry | undefined>;
  requeue(id: number, corrections: Corrections): Promise<Requeued | undefined>;
}
