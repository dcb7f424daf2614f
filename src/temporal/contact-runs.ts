import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionInfo,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { Contact, ContactState } from '../domain/contact.js';
import { contact as names, contactState } from '../domain/names.js';
import { ContactChangedError } from './contact-changed.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import { never } from './marker.js';
import { summaryClient } from './summary-client.js';

/** The open workflow of a contact. */
export interface ContactRun {
  workflowId: string;
  runId: string;
  state: ContactState;
  /** What is remembered; undefined where it was not read. */
  contact?: Contact | undefined;
}

/** Creates the single steps from which contacts are changed. Each is one call, and atomic. */
export function createContactRuns(client: Client, workflowQueue: string) {
  // Reads no payloads: a worker that lacks a key must still see that a sender has opted out.
  const states = summaryClient(client);

  const start = (workflowId: string, contact: Contact, policy: 'FAIL' | 'TERMINATE_EXISTING') =>
    client.workflow.start(names.workflowType, {
      ...startOptionsOf(workflowId, contact, workflowQueue),
      workflowIdConflictPolicy: policy,
    });

  return {
    /** Looks at a contact without what is remembered of it. */
    look: (workflowId: string): Promise<ContactRun | undefined> =>
      ignoringNoRun(async () => openRun(await states.workflow.getHandle(workflowId).describe())),

    /** Looks at a contact, and decrypts what is remembered of it. */
    read: (workflowId: string): Promise<ContactRun | undefined> =>
      ignoringNoRun(async () => readRun(await client.workflow.getHandle(workflowId).describe())),

    /** Remembers this in place of whatever is there. */
    async replace(workflowId: string, contact: Contact): Promise<void> {
      await start(workflowId, contact, 'TERMINATE_EXISTING');
    },

    /** @throws {ContactChangedError} when something is remembered */
    async add(workflowId: string, contact: Contact): Promise<ContactRun> {
      try {
        const { firstExecutionRunId: runId } = await start(workflowId, contact, 'FAIL');
        return { workflowId, runId, state: contact.state, contact };
      } catch (error) {
        throw error instanceof WorkflowExecutionAlreadyStartedError ? new ContactChangedError() : error;
      }
    },

    /**
     * Ends this very run, and none that took its place.
     *
     * @throws {ContactChangedError} when it has ended already
     */
    async end({ workflowId, runId }: ContactRun): Promise<void> {
      const terminated = await ignoringNoRun(() => client.workflow.getHandle(workflowId, runId).terminate('ended'));
      if (!terminated) throw new ContactChangedError();
    },

    /** Lists the contacts of all senders, or those in a state, from visibility: the newest first, and a moment late. */
    async *list(state?: ContactState): AsyncGenerator<ContactRun> {
      const condition = state ? `${contactState.name} = "${state}"` : `${contactState.name} IS NOT NULL`;
      const query = `WorkflowType = "${names.workflowType}" AND ExecutionStatus = "Running" AND ${condition}`;
      for await (const info of client.workflow.list({ query, pageSize: 500 })) {
        const run = readRun(info);
        if (run && run.workflowId !== names.everyone) yield run;
      }
    },
  };
}

export type ContactRuns = ReturnType<typeof createContactRuns>;

/** Returns no pause that has ended: without a worker its workflow stays open. */
export function lasting(contact: Contact | undefined): Contact | undefined {
  const hasEnded = contact?.until !== undefined && Date.parse(contact.until) <= Date.now();
  return hasEnded ? undefined : contact;
}

function startOptionsOf(workflowId: string, contact: Contact, workflowQueue: string) {
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

type Described = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'status' | 'typedSearchAttributes'>;

function openRun({ workflowId, runId, status, typedSearchAttributes }: Described): ContactRun | undefined {
  const state = typedSearchAttributes.get(contactState) as ContactState | undefined;
  return status.name === 'RUNNING' && state ? { workflowId, runId, state } : undefined;
}

function readRun(described: Described & Pick<WorkflowExecutionInfo, 'memo'>): ContactRun | undefined {
  const run = openRun(described);
  return run && { ...run, contact: described.memo?.[names.memo] as Contact | undefined };
}
