import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { type Contacts, createContacts } from '../../src/temporal/contacts.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { testSecret } from '../../test/kit/secret.js';
import { connectTo } from '../../test/kit/temporal.js';
import type { Scope } from '../scope.js';

/** What is remembered in one namespace, as the product reads and writes it. */
export interface ConnectedContacts {
  connection: NativeConnection;
  client: Client;
  contacts: Contacts;
}

/** Connects this process to the contacts in a namespace of a Temporal server. */
export async function connectContacts(
  scope: Scope,
  address: string,
  namespace = 'default',
): Promise<ConnectedContacts> {
  const connection = await connectTo(address);
  scope.onEnd(() => connection.close());
  const client = new Client({ connection, namespace });
  return { connection, client, contacts: createContacts(client, [createSenderKey(testSecret)]) };
}
