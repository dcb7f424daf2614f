import type { Client } from '@temporalio/client';
import type { Config } from '../config/config.js';
import { findSecrets, requireSecrets, type Secrets } from '../process/installation-secret.js';
import type { TemporalConnection } from '../temporal/connect.js';
import { type Contacts, createContacts } from '../temporal/contacts.js';
import { checkInstallation, checkSecretsOfReader } from '../temporal/installation.js';
import { inspectNamespace } from '../temporal/namespace.js';
import { createSenderKeys } from '../temporal/sender-key.js';
import { withTemporal } from './connection.js';

interface Opened {
  temporal: TemporalConnection;
  client: Client;
  secrets: Secrets;
}

/**
 * Connects to Temporal, runs `work` with the contacts of this installation, and closes the connection.
 *
 * @param options.isReader whether `work` changes nothing. A command that writes contacts keeps the fingerprint of its
 * secret, as a process does: otherwise processes with another secret would not find what it wrote.
 * @throws {ConfigError} without ANSWERBACK_SECRET, or with that of another installation
 * @throws {OperatorError} when no server responds, or its namespace lacks a search attribute
 */
export async function withContacts<Result>(
  config: Config,
  work: (contacts: Contacts, opened: Opened) => Promise<Result>,
  { isReader = false } = {},
): Promise<Result> {
  const secrets = requireSecrets(findSecrets(config));
  return withTemporal(config, async ({ temporal, client }) => {
    await inspectNamespace(temporal.connection, temporal.namespace, 0);
    await (isReader ? checkSecretsOfReader : checkInstallation)(temporal, secrets);
    return work(createContacts(client, createSenderKeys(secrets)), { temporal, client, secrets });
  });
}
