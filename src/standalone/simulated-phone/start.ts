import type { Client } from '@temporalio/client';
import type { Config } from '../../config/config.js';
import { phonePage } from '../../demo/phone/start.js';
import { simulate } from '../../demo/simulated-gateway/simulate.js';
import { startSimulatedGatewayProcess } from '../../demo/simulated-gateway/start.js';
import { createSenderOf } from '../../domain/sender.js';
import type { Log } from '../../log/log.js';
import type { Lifecycle } from '../../process/run-main.js';
import { watchRuns } from '../../temporal/runs/watched-runs.js';
import type { SenderKeys } from '../../temporal/sender-key.js';
import { watchContacts } from '../../temporal/watched-contacts.js';

/** What the page of the phone shows, and by which gateway it writes. */
export interface SimulatedPhone {
  config: Config;
  /** The first of ANSWERBACK_SECRET. */
  secret: string;
  connected: () => Promise<Client>;
  senderKeys: SenderKeys;
  runUrl: (workflowId: string, runId: string) => string;
  log: Log;
}

/** Starts the simulated gateway with the page of the phone. */
export async function startSimulatedPhone(
  { config, secret, connected, senderKeys, runUrl, log }: SimulatedPhone,
  lifecycle: Lifecycle,
): Promise<void> {
  const simulated = simulate(config, secret);
  const page = phonePage(
    {
      simulated,
      runs: watchRuns(connected, runUrl),
      contacts: watchContacts(connected, senderKeys),
      senderOf: createSenderOf(config.defaultCountry),
      log,
    },
    lifecycle,
  );
  const { port } = config.simulatedGateway;
  await startSimulatedGatewayProcess({ port, dialect: simulated.dialect, page }, lifecycle);
}
