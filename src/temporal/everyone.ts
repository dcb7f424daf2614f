import type { Contact } from '../domain/contact.js';
import { contact as names } from '../domain/names.js';
import { retried } from './contact-changed.js';
import { type ContactRuns, lasting } from './contact-runs.js';

/** How long it is remembered that all replies are paused, or not, in milliseconds. */
const keptMs = 1_000;

/** The contact that stands for everybody, and pauses all replies. */
export function createEveryone(runs: ContactRuns) {
  let kept: { atMs: number; isPaused: Promise<boolean> } | undefined;
  const id = names.everyone;

  return {
    /** Pauses the replies to everybody, until `until`. */
    pauseEveryone: (pause: Omit<Contact, 'state' | 'sender'>): Promise<void> =>
      retried(() => runs.replace(id, { ...pause, state: 'paused', sender: '' })),

    resumeEveryone: (): Promise<boolean> =>
      retried(async () => {
        const run = await runs.look(id);
        if (run) await runs.end(run);
        return run !== undefined;
      }),

    /** Returns the pause of the replies to everybody, as `pauseEveryone` wrote it. */
    findEveryone: async (): Promise<Contact | undefined> => lasting((await runs.read(id))?.contact),

    /** Tells whether the replies to everybody are paused. Asks Temporal at most once a second. */
    isEveryonePaused(): Promise<boolean> {
      if (!kept || performance.now() - kept.atMs > keptMs) {
        const isPaused = runs.look(id).then((run) => run !== undefined);
        const asked = (kept = { atMs: performance.now(), isPaused });
        // A failure is not kept.
        isPaused.catch(() => kept === asked && (kept = undefined));
      }
      return kept.isPaused;
    },
  };
}
