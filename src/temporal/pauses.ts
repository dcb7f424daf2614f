import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Contact } from '../domain/contact.js';
import { contact as names, taskQueue } from '../domain/names.js';
import { OperatorError } from '../process/errors.js';
import { openState, startOptionsOf } from './contacts.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import type { SenderKey } from './sender-key.js';
import { summaryClient } from './summary-client.js';

/** The server refuses to start a workflow within a second of the last start with its id. */
const retry = { tries: 8, waitMs: 250 } as const;

/**
 * Pauses and resumes senders, and never ends an opt-out, not even one that is written at the same moment: it only ends
 * the very run that it has looked at, and only starts one where none is.
 */
export function createPauses(client: Client, contactKey: SenderKey, { workflowQueue = taskQueue } = {}) {
  const idOf = (sender: string) => names.workflowIdOf(contactKey(sender));
  const states = summaryClient(client);

  /** Ends a pause or hand-over. Returns what was found. */
  async function resume(sender: string): Promise<'resumed' | 'opted-out' | 'none'> {
    const workflowId = idOf(sender);
    for (let tries = 1; ; tries++) {
      const found = await ignoringNoRun(() => states.workflow.getHandle(workflowId).describe());
      const state = found && openState(found);
      if (!found || !state) return 'none';
      if (state === 'opted-out') return state;
      const handle = client.workflow.getHandle(workflowId, found.runId);
      if (await ignoringNoRun(() => handle.terminate('resumed'))) return 'resumed';
      if (tries === retry.tries) throw changing();
    }
  }

  /** Remembers a pause, in place of an earlier one or of a hand-over. Returns false when the sender has opted out. */
  async function pause(contact: Contact): Promise<boolean> {
    const options = startOptionsOf(idOf(contact.sender), contact, workflowQueue);
    for (let tries = 1; ; tries++) {
      if ((await resume(contact.sender)) === 'opted-out') return false;
      try {
        await client.workflow.start(names.workflowType, { ...options, workflowIdConflictPolicy: 'FAIL' });
        return true;
      } catch (error) {
        if (tries === retry.tries) throw error instanceof WorkflowExecutionAlreadyStartedError ? changing() : error;
        await sleep(retry.waitMs);
      }
    }
  }

  return { pause, resume };
}

export type Pauses = ReturnType<typeof createPauses>;

const changing = () => new OperatorError('The contact keeps changing: run this again');
