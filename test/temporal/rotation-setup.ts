import { randomInt } from 'node:crypto';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { afterAll, beforeAll } from 'vitest';
import type { Contact } from '../../src/domain/contact.js';
import { contact as names } from '../../src/domain/names.js';
import { createContactRuns } from '../../src/temporal/contact-runs.js';
import { type Contacts, createContacts } from '../../src/temporal/contacts.js';
import { createRekey } from '../../src/temporal/rekey.js';
import { createSenderKey, createSenderKeys } from '../../src/temporal/sender-key.js';
import { connectForTest, namespaceForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

const secrets = { old: 'the-old-secret-of-an-installation', fresh: 'the-new-secret-of-an-installation' };
const keys = { old: createSenderKey(secrets.old), fresh: createSenderKey(secrets.fresh) };

let suite: TemporalForTest;
let namespace: string;

/** Contacts of a process, by the secrets that it has. */
export let processes: Record<'old' | 'oldFirst' | 'newFirst' | 'fresh', Contacts>;

/** Gives a file a namespace of its own, because `contact rekey` moves all contacts of one. */
export function useRotation(): void {
  beforeAll(async () => {
    suite = await connectForTest();
    namespace = await namespaceForTest(suite);
    const of = (...all: [string, ...string[]]) => createContacts(clientWith(), createSenderKeys(all));
    processes = {
      old: of(secrets.old),
      oldFirst: of(secrets.old, secrets.fresh),
      newFirst: of(secrets.fresh, secrets.old),
      fresh: of(secrets.fresh),
    };
  });
  afterAll(() => suite.close());
}

const clientWith = (...workflow: WorkflowClientInterceptor[]) =>
  new Client({ connection: suite.connection, namespace, interceptors: { workflow } });

/** Contacts of a process with the new secret first, by a client with this interceptor. */
export const intercepted = (interceptor: WorkflowClientInterceptor): Contacts =>
  createContacts(clientWith(interceptor), createSenderKeys([secrets.fresh, secrets.old]));

/** Moves one contact to the new secret, by a client with this interceptor. */
export const move = (sender: string, interceptor: WorkflowClientInterceptor = {}): Promise<boolean> =>
  createRekey(clientWith(interceptor), keys.fresh).move({
    workflowId: names.workflowIdOf(keys.old(sender)),
    runId: '',
    state: 'opted-out',
  });

/** The contacts that are listed under another id than that of the new secret. */
export async function leftUnderOld(): Promise<string[]> {
  const left: string[] = [];
  for await (const { contact } of createRekey(clientWith(), keys.fresh).list()) left.push(contact?.sender ?? '');
  return left;
}

/** What is kept under the id of each secret. */
export async function kept(sender: string): Promise<{ old: Contact | undefined; fresh: Contact | undefined }> {
  const runs = createContactRuns(clientWith(), 'none');
  const under = async (key: (sender: string) => string) => (await runs.read(names.workflowIdOf(key(sender))))?.contact;
  return { old: await under(keys.old), fresh: await under(keys.fresh) };
}

export const optOutOf = (sender: string, overrides: Partial<Contact> = {}): Contact => ({
  state: 'opted-out',
  sender,
  since: new Date().toISOString(),
  source: 'text',
  words: 'STOP',
  ...overrides,
});

export const pauseOf = (sender: string, overrides: Partial<Contact> = {}): Contact =>
  optOutOf(sender, { state: 'paused', until: new Date(Date.now() + 3_600_000).toISOString(), ...overrides });

export const aNumber = () => `+1555${randomInt(1_000_000, 9_999_999)}`;
export const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
