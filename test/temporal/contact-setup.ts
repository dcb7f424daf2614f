import { randomInt } from 'node:crypto';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { afterAll, beforeAll } from 'vitest';
import type { Contact } from '../../src/domain/contact.js';
import { contact as names } from '../../src/domain/names.js';
import { type Contacts, createContacts } from '../../src/temporal/contacts.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { testSecret } from '../kit/secret.js';

export const contactKey = createSenderKey(testSecret);

export let temporal: TemporalForTest;
export let contacts: Contacts;

/** Connects the tests of a file to the suite's server. */
export function useContacts(): void {
  beforeAll(async () => {
    temporal = await connectForTest();
    contacts = createContacts(temporal.client, [contactKey], { workflowQueue: temporal.taskQueue });
  });
  afterAll(() => temporal.close());
}

/** Contacts by another client, which calls its interceptor around each call to the server. */
export function interceptedContacts(interceptor: WorkflowClientInterceptor): Contacts {
  const { connection } = temporal;
  const client = new Client({ connection, interceptors: { workflow: [interceptor] } });
  return createContacts(client, [contactKey], { workflowQueue: temporal.taskQueue });
}

export const aNumber = () => `+1555${randomInt(1_000_000, 9_999_999)}`;
export const inTime = (ms: number) => new Date(Date.now() + ms).toISOString();

/** An opt-out of a new number. */
export const aContact = (overrides: Partial<Contact> = {}): Contact => ({
  state: 'opted-out',
  sender: aNumber(),
  since: new Date().toISOString(),
  source: 'text',
  words: 'STOP',
  ...overrides,
});

export const aPause = (overrides: Partial<Contact> = {}) =>
  aContact({ state: 'paused', until: inTime(3_600_000), ...overrides });

export async function openRuns(sender: string): Promise<number> {
  const id = names.workflowIdOf(contactKey(sender));
  return (await temporal.client.workflow.count(`WorkflowId = "${id}" AND ExecutionStatus = "Running"`)).count;
}

export async function listed(from: Contacts, state?: Contact['state']): Promise<string[]> {
  const senders: string[] = [];
  for await (const { sender } of from.list(state)) senders.push(sender);
  return senders;
}
