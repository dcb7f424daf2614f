import { contact as names } from '../domain/names.js';
import type { ContactRun, ContactRuns } from './contact-runs.js';
import type { SenderKeys } from './sender-key.js';

/** Finds the runs that remember a sender: one for each secret at most, and usually none. */
export function createSenderRuns({ look, read }: ContactRuns, contactKeys: SenderKeys) {
  const idsOf = (sender: string) => contactKeys.map((key) => names.workflowIdOf(key(sender)));

  return {
    /** The id under which a sender is remembered from now on. */
    firstIdOf: (sender: string): string => names.workflowIdOf(contactKeys[0](sender)),

    /** Looks under the ids of all secrets, without what is remembered. */
    look: (sender: string): Promise<ContactRun[]> => under(idsOf(sender), look),

    /** Looks under the ids of all secrets but the first. */
    lookUnderOthers: (sender: string): Promise<ContactRun[]> => under(idsOf(sender).slice(1), look),

    /** Looks under the ids of all secrets, and decrypts what is remembered. */
    read: (sender: string): Promise<ContactRun[]> => under(idsOf(sender), read),
  };
}

export type SenderRuns = ReturnType<typeof createSenderRuns>;

/** Goes through the ids and back: so it also finds what `contact rekey` moves to another id meanwhile. */
async function under(ids: string[], lookAt: (id: string) => Promise<ContactRun | undefined>): Promise<ContactRun[]> {
  const found = new Map<string, ContactRun>();
  for (const id of [...ids, ...ids.slice(0, -1).reverse()]) {
    const run = await lookAt(id);
    if (run) found.set(run.runId, run);
  }
  return [...found.values()];
}
