import type { Config } from '../config/config.js';
import { ConfigError } from '../process/errors.js';
import { findSecret, requireSecret } from '../process/installation-secret.js';
import { type Contacts, createContacts } from '../temporal/contacts.js';
import { inspectInstallation, otherSecret } from '../temporal/installation.js';
import { inspectNamespace } from '../temporal/namespace.js';
import { createSenderKey } from '../temporal/sender-key.js';
import { withTemporal } from './connection.js';

/**
 * Connects to Temporal, runs `work` with the contacts of this installation, and closes the connection.
 *
 * @throws {ConfigError} without ANSWERBACK_SECRET, or with that of another installation
 * @throws {OperatorError} when no server responds, or its namespace lacks a search attribute
 */
export async function withContacts<Result>(
  config: Config,
  work: (contacts: Contacts) => Promise<Result>,
): Promise<Result> {
  const secret = requireSecret(findSecret(config));
  return withTemporal(config, async ({ temporal, client }) => {
    const { connection, namespace } = temporal;
    await inspectNamespace(connection, namespace, 0);
    if ((await inspectInstallation(temporal, secret)) === 'other') throw new ConfigError([otherSecret(namespace)]);
    return work(createContacts(client, createSenderKey(secret)));
  });
}
