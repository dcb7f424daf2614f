import { z } from 'zod';

/** Messages that are stuck: one, or all of an entry that can't be read. */
const stuckEntry = z.object({
  /** The id of the message; absent when it can't be read. */
  id: z.string().optional(),
  messages: z.int(),
  /** ISO 8601. */
  acceptedAt: z.string(),
  reason: z.string(),
  /** Whether it is due and not tried yet. */
  isDue: z.boolean(),
});
export type StuckEntry = z.infer<typeof stuckEntry>;

export const stuckPage = z.object({
  entries: z.array(stuckEntry),
  /** Continues the list; absent at the end. */
  next: z.int().optional(),
});
export type StuckPage = z.infer<typeof stuckPage>;

/** What the api implements for the command retry-stuck. */
export interface StuckAdmin {
  /** The entries after this position, in pages. */
  list(after: number): Promise<StuckPage>;
  /** Tries all of them again, now. */
  retry(): Promise<void>;
}
