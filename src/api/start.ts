import { Client } from '@temporalio/client';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import type { Starting } from '../process.js';
import type { TemporalConnection } from '../temporal/connect.js';
import { createStartWorkflow } from '../temporal/start-workflow.js';
import { createTemporalIntake } from '../temporal/temporal-intake.js';
import { createApp } from './app.js';
import { listen } from './server.js';

export interface ApiParts {
  config: Config;
  temporal: TemporalConnection;
  /** Whether a worker runs on the same connection. */
  eager: boolean;
  log: Log;
}

/** Wires the api from the settings and listens until the stop. */
export async function startApi({ config, temporal, eager, log }: ApiParts, { onStop }: Starting): Promise<void> {
  const client = new Client({ connection: temporal.connection, namespace: temporal.namespace });
  const intake = createTemporalIntake({ startWorkflow: createStartWorkflow(client, { eager }), log });
  const server = await listen(createApp({ intake, webhookSecret: config.webhookSecret, log }), config);
  onStop(() => server.close());
}
