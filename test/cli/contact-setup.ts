// First, because it replaces a module that the others load.
import { inProcess } from './in-process.js';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import type { Contact } from '../../src/domain/contact.js';
import { type Contacts, createContacts } from '../../src/temporal/contacts.js';
import { checkInstallation } from '../../src/temporal/installation.js';
import { createSenderKeys } from '../../src/temporal/sender-key.js';
import type { Ran } from '../helpers/answerback-command.js';
import { connectForTest, namespaceForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { temporaryFolder, type TemporaryFolder } from '../kit/data-folder.js';
import { testSecret } from '../kit/secret.js';

let temporal: TemporalForTest;
export let folder: TemporaryFolder;
export let env: Record<string, string>;
export let contacts: Contacts;

/** Connects the tests of a file to a namespace of their own. */
export function useContacts(): void {
  beforeAll(async () => {
    [temporal, folder] = await Promise.all([connectForTest(), temporaryFolder('contacts')]);
    ({ env, contacts } = await aNamespace());
  });
  afterAll(() => Promise.all([temporal.close(), folder.remove()]));
}

/** A namespace with an installation, and the variables of commands that use it. */
export async function aNamespace() {
  const { connection } = temporal;
  const namespace = await namespaceForTest(temporal);
  await checkInstallation({ connection, namespace }, [testSecret]);
  const client = new Client({ connection, namespace });
  return {
    client,
    contacts: createContacts(client, createSenderKeys([testSecret])),
    env: {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: namespace,
      ANSWERBACK_SECRET: testSecret,
      DATA_DIR: folder.path,
      DEFAULT_COUNTRY: 'US',
    },
  };
}

/** Runs a command in this process. */
export const contact = (args: string, on = env): Promise<Ran> => inProcess(['contact', ...args.split(' ')], on);

export async function json<Document>(args: string, on = env): Promise<Document> {
  const { stdout, stderr, exitCode } = await contact(`${args} --json`, on);
  expect({ stderr, exitCode }, args).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as Document;
}

export interface Listed {
  everyone: object | null;
  contacts: Array<Partial<Contact> & { number: string }>;
}

export const listed = async (args = '', on = env) => (await json<Listed>(`list --numbers${args}`, on)).contacts;
