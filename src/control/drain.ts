import { z } from 'zod';

/** The progress of an api that is being drained. */
export const drainState = z.object({
  draining: z.boolean(),
  /** Number of accepted messages that are not in Temporal yet, including stuck ones. */
  depth: z.int(),
  stuck: z.int(),
  quarantined: z.int(),
  /** Time since the last post, in milliseconds. */
  quietMs: z.int(),
  temporalAway: z.boolean(),
});
export type DrainState = z.infer<typeof drainState>;

/** What the api implements for the drain commands. */
export interface DrainAdmin {
  begin(): void;
  end(): void;
  state(): DrainState;
}
