import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { connectTemporal } from './connect.js';

export interface NeededConnection {
  /** @throws {OperatorError} where no server answers, and may be asked again */
  client: () => Promise<Client>;
  close(): Promise<void>;
}

/**
 * A client of a server that may not be there yet: the connection is made by the first who succeeds in it, and from then on
 * comes back by itself.
 */
export function connectWhenNeeded(profile: ClientConnectConfig, dataConverter: DataConverter): NeededConnection {
  let connected: Promise<{ client: Client; close: () => Promise<void> }> | undefined;

  async function connect() {
    const { connection, namespace } = await connectTemporal(profile);
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
