import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { connectTemporal, type TemporalConnection } from './connect.js';

export interface NeededConnection {
  /** @throws {OperatorError} when no server responds; the next call tries again */
  client: () => Promise<Client>;
  close(): Promise<void>;
}

/** Without a deadline, a check would wait for ever when the server doesn't respond. */
const checkWithinMs = 10_000;

/**
 * Creates a client for a server that may not run yet. Each call tries to connect until one succeeds; from then on the
 * connection restores itself.
 *
 * @param check decides whether a new connection is used: when it rejects, the next call connects again
 */
export function connectWhenNeeded(
  profile: ClientConnectConfig,
  dataConverter: DataConverter,
  check: (temporal: TemporalConnection) => Promise<void> = async () => {},
): NeededConnection {
  let connected: Promise<{ client: Client; close: () => Promise<void> }> | undefined;

  async function connect() {
    const temporal = await connectTemporal(profile);
    const { connection, namespace } = temporal;
    try {
      await connection.withDeadline(Date.now() + checkWithinMs, () => check(temporal));
    } catch (error) {
      await connection.close();
      throw error;
    }
    return { client: new Client({ connection, namespace, dataConverter }), close: () => connection.close() };
  }

  return {
    async client() {
      connected ??= connect().catch((error: unknown) => {
        connected = undefined;
        throw error;
      });
      return (await connected).client;
    },
    close: async () => (await connected?.catch(() => undefined))?.close(),
  };
}
