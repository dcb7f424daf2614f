import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { connectTemporal } from './connect.js';
import { createStartWorkflow, type StartWorkflow } from './start-workflow.js';

/**
 * Starts workflows on a server that may not be there yet: the connection is made by the first start that succeeds in it,
 * and from then on comes back by itself.
 */
export function connectWhenNeeded(profile: ClientConnectConfig, dataConverter: DataConverter): { startWorkflow: StartWorkflow; close(): Promise<void> } {
  let connected: Promise<{ start: StartWorkflow; close: () => Promise<void> }> | undefined;

  async function connect() {
    const { connection, namespace } = await connectTemporal(profile);
    const client = new Client({ connection, namespace, dataConverter });
    return { start: createStartWorkflow(client, { eager: false }), close: () => connection.close() };
  }

  return {
    async startWorkflow(message) {
      connected ??= connect().catch((error: unknown) => {
        connected = undefined;
        throw error;
      });
      return (await connected).start(message);
    },
    close: async () => (await connected?.catch(() => undefined))?.close(),
  };
}
