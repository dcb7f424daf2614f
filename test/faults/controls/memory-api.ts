import { senderOf } from '../../helpers/messages.js';
import { configuredGateways } from '../../../src/config/gateways.js';
import { createApp } from '../../../src/api/app.js';
import { createDraining } from '../../../src/api/admin/draining.js';
import { listen } from '../../../src/http/server.js';
import { loadConfig } from '../../../src/config/config.js';
import { createLog } from '../../../src/log/log.js';
import type { InboundMessage } from '../../../src/domain/message.js';
import { connectWhenNeeded } from '../../../src/temporal/connect-when-needed.js';
import { createStartWorkflow } from '../../../src/temporal/start-workflow.js';

/**
 * What the original service did: it acknowledges at once and works from memory. The ledger test must see it lose
 * texts.
 */
const env = process.env as Record<string, string>;
const config = loadConfig(env);
const log = createLog({ level: 'warn', terminal: false });
const temporal = connectWhenNeeded(config.temporal, {});
const startWorkflow = async (message: InboundMessage) =>
  createStartWorkflow(await temporal.client(), { eager: false, senderKey: () => 'everybody', log })(message);
const waiting: InboundMessage[] = [];

setInterval(() => {
  for (const message of waiting.splice(0)) startWorkflow(message).catch(() => waiting.push(message));
}, 200);

const intake = {
  accept: async ({ messages }: { messages: readonly InboundMessage[] }) => void waiting.push(...messages),
  keepsRejected: false,
  ready: () => undefined,
};
await listen(
  createApp({
    intake,
    draining: createDraining(),
    webhooks: configuredGateways(config.gateways).map(({ gateway, settings }) => ({
      name: gateway.name,
      description: gateway.description,
      inbound: gateway.createInbound(settings, { senderOf, secret: 'not used' }),
    })),
    log,
  }),
  config,
);
