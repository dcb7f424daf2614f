import { createApp } from '../../src/api/app.js';
import { createDraining } from '../../src/api/draining.js';
import { listen } from '../../src/http/server.js';
import { loadConfig } from '../../src/config.js';
import { createLog } from '../../src/log.js';
import type { InboundMessage } from '../../src/message.js';
import { connectWhenNeeded } from '../../src/temporal/connect-when-needed.js';
import { createStartWorkflow } from '../../src/temporal/start-workflow.js';

/** What the original service did: it acknowledges at once and works from memory. The ledger test must see it lose texts. */
const env = process.env as Record<string, string>;
const config = loadConfig(env);
const temporal = connectWhenNeeded(config.temporal, {});
const startWorkflow = async (message: InboundMessage) => createStartWorkflow(await temporal.client(), { eager: false, fairnessKey: () => '' })(message);
const waiting: InboundMessage[] = [];

setInterval(() => {
  for (const message of waiting.splice(0)) startWorkflow(message).catch(() => waiting.push(message));
}, 200);

const intake = { accept: async ({ messages }: { messages: readonly InboundMessage[] }) => void waiting.push(...messages), ready: () => undefined };
await listen(createApp({ intake, draining: createDraining(), credentials: config.credentials, log: createLog({ level: 'warn', terminal: false }) }), config);
