import { randomUUID } from 'node:crypto';
import { loadConfig } from '../config/config.js';
import { createSenderOf } from '../domain/sender.js';
import { createKeyring } from '../secrets/keyring.js';
import { createLog } from '../log/log.js';
import { phonePage } from './phone/start.js';
import { findSecrets } from '../process/installation-secret.js';
import { runMain } from '../process/run-main.js';
import { connectWhenNeeded } from '../temporal/connect-when-needed.js';
import { createDataConverter } from '../temporal/data-converter.js';
import { runUrlOf, uiUrlOf } from '../temporal/runs/run-url.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { createSenderKeys } from '../temporal/sender-key.js';
import { watchContacts } from '../temporal/watched-contacts.js';
import { watchRuns } from '../temporal/runs/watched-runs.js';
import { simulate } from './simulated-gateway/simulate.js';
import { startSimulatedGatewayProcess } from './simulated-gateway/start.js';

/** `npm run start:gateway`: a simulated SMS gateway, which sends nothing, and a page to write texts on. */
runMain(async (lifecycle) => {
  const config = loadConfig(lifecycle.env);
  const log = createLog({ level: config.logLevel, format: config.logFormat, terminal: process.stdout.isTTY });

  prepareRuntime(log);
  const temporal = connectWhenNeeded(config.temporal, createDataConverter(createKeyring(config.payloadKeys), log));
  lifecycle.onStop(() => temporal.close());
  const runs = watchRuns(temporal.client, runUrlOf(uiUrlOf(config), config.temporal.namespace ?? 'default'));
  // Without the secret no contact is found, only the pause of all replies.
  const [first = randomUUID(), ...others] = findSecrets(config);
  const contacts = watchContacts(temporal.client, createSenderKeys([first, ...others]));
  const simulated = simulate(config, first);
  const { url } = await startSimulatedGatewayProcess(
    {
      port: config.simulatedGateway.port,
      dialect: simulated.dialect,
      page: phonePage(
        {
          simulated,
          runs,
          contacts,
          senderOf: createSenderOf(config.defaultCountry),
          log,
        },
        lifecycle,
      ),
    },
    lifecycle,
  );
  log.info(
    { event: 'gateway.started', url },
    `The simulated gateway is ready: write a text at ${url}/, and see all replies at ${url}/sent`,
  );
});
