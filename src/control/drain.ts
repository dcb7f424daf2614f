import { z } from 'zod';

/** How far an api is with its draining. */
export const drainState = z.object({
  draining: z.boolean(),
  /** Accepted, and Temporal does not have them yet; stuck ones included. */
  depth: z.int(),
  stuck: z.int(),
  quarantined: z.int(),
  /** How long nothing has been delivered, in milliseconds. */
  quietMs: z.int(),
  temporalAway: z.boolean(),
});
export type DrainState = z.infer<typeof drainState>;

/** Of the api, for the commands. */
export interface DrainDesk {
  begin(): void;
  end(): void;
  state(): DrainState;
}
