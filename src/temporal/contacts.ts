import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type WorkflowExecutionInfo, type WorkflowStartOptions } from '@temporalio/client';
import type { Contact, ContactState } from '../domain/contact.js';
import { contact as names, contactState, taskQueue } from '../domain/names.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import { never } from './marker.js';
import type { SenderKey } from './sender-key.js';
import { summaryClient } from './summary-client.js';

/** The server refuses to replace a run within a second of its start. */
const replaceRetry = { tries: 5, waitMs: 500 } as const;

/** How long it is remembered that all replies are paused, or not, in milliseconds. */
const everyoneKeptMs = 1_000;

/**
 * Remembers senders in Temporal. A contact is a workflow that has not begun: it costs nothing, no worker runs it, and
 * no retention ends it. A pause begins when it ends, and its workflow returns at once.
 */
export function createContacts(client: Client, contactKey: SenderKey, { workflowQueue = taskQueue } = {}) {
  const idOf = (sender: string) => names.workflowIdOf(contactKey(sender));
  // Reads no payloads: a worker that lacks a key must still see that a sender has opted out.
  const states = summaryClient(client);
  let everyone: { atMs: number; isPaused: Promise<boolean> } | undefined;

  async function stateOfId(workflowId: string): Promise<ContactState | undefined> {
    return ignoringNoRun(async () => openState(await states.workflow.getHandle(workflowId).describe()));
  }

  const put = (workflowId: string, contact: Contact): Promise<void> =>
    retried(() =>
      client.workflow.start(names.workflowType, {
        ...startOptionsOf(workflowId, contact, workflowQueue),
        workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      }),
    );

  const findId = (workflowId: string): Promise<Contact | undefined> =>
    ignoringNoRun(async () => contactOf(await client.workflow.getHandle(workflowId).describe()));

  return {
    /** Returns the state of the first of these identities that is remembered: one short call for each. */
    async stateOf(senders: readonly string[]): Promise<ContactState | undefined> {
      for (const sender of senders) {
        const state = await stateOfId(idOf(sender));
        if (state) return state;
      }
      return undefined;
    },

    /** Returns what is remembered of the first of these identities. */
    async find(senders: readonly string[]): Promise<Contact | undefined> {
      for (const sender of senders) {
        const found = await findId(idOf(sender));
        if (found) return found;
      }
      return undefined;
    },

    /** Remembers this, in place of what was remembered under its identity. */
    put: (contact: Contact): Promise<void> => put(idOf(contact.sender), contact),

    /** Forgets an identity. Returns whether something was remembered. */
    async remove(sender: string): Promise<boolean> {
      return (await ignoringNoRun(() => terminate(client, idOf(sender)))) ?? false;
    },

    /** Lists all contacts, or those in a state, from visibility: the newest first, and a moment late. */
    async *list(state?: ContactState): AsyncGenerator<Contact> {
      const condition = state ? `${contactState.name} = "${state}"` : `${contactState.name} IS NOT NULL`;
      const query = `WorkflowType = "${names.workflowType}" AND ExecutionStatus = "Running" AND ${condition}`;
      for await (const info of client.workflow.list({ query, pageSize: 500 })) {
        const found = contactOf(info);
        if (found && info.workflowId !== names.everyone) yield found;
      }
    },

    /** Pauses the replies to everybody, until `until`. */
    pauseEveryone: (contact: Omit<Contact, 'state' | 'sender'>): Promise<void> =>
      put(names.everyone, { ...contact, state: 'paused', sender: '' }),
    resumeEveryone: async (): Promise<boolean> =>
      (await ignoringNoRun(() => terminate(client, names.everyone))) ?? false,
    /** Returns the pause of the replies to everybody, as `pauseEveryone` wrote it. */
    findEveryone: (): Promise<Contact | undefined> => findId(names.everyone),
    /** Tells whether the replies to everybody are paused. Asks Temporal at most once a second. */
    isEveryonePaused(): Promise<boolean> {
      if (!everyone || performance.now() - everyone.atMs > everyoneKeptMs) {
        const isPaused = stateOfId(names.everyone).then((state) => state !== undefined);
        const asked = (everyone = { atMs: performance.now(), isPaused });
        // A failure is not kept.
        isPaused.catch(() => everyone === asked && (everyone = undefined));
      }
      return everyone.isPaused;
    },
  };
}

export type Contacts = ReturnType<typeof createContacts>;

type Described = Pick<WorkflowExecutionInfo, 'status' | 'typedSearchAttributes' | 'memo'>;

/** Returns how the workflow of a contact is started. */
export function startOptionsOf(workflowId: string, contact: Contact, workflowQueue: string) {
  const { state, until } = contact;
  return {
    workflowId,
    taskQueue: workflowQueue,
    startDelay: until === undefined ? never : Math.max(1, Date.parse(until) - Date.now()),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: [{ key: contactState, value: state }],
    memo: { [names.memo]: contact },
  } satisfies WorkflowStartOptions;
}

export const openState = ({ status, typedSearchAttributes }: Described): ContactState | undefined =>
  status.name === 'RUNNING' ? (typedSearchAttributes.get(contactState) as ContactState | undefined) : undefined;

function contactOf(described: Described): Contact | undefined {
  const contact = openState(described) && (described.memo?.[names.memo] as Contact | undefined);
  // Without a worker its workflow stays open.
  const hasEnded = contact?.until !== undefined && Date.parse(contact.until) <= Date.now();
  return hasEnded ? undefined : contact;
}

async function terminate(client: Client, workflowId: string): Promise<boolean> {
  await client.workflow.getHandle(workflowId).terminate('ended');
  return true;
}

async function retried(call: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void (await call());
    } catch (error) {
      if (tries === replaceRetry.tries) throw error;
      await sleep(replaceRetry.waitMs);
    }
  }
}
