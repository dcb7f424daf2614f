import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { createSendReply } from '../../../src/activities/send-reply.js';
import { loadConfig } from '../../../src/config/config.js';
import type { SmsMobileApiSettings } from '../../../src/gateways/sms-mobile-api/settings.js';
import { createOutbound } from '../../../src/gateways/sms-mobile-api/outbound.js';
import { createLog } from '../../../src/log/log.js';
import { connectTemporal } from '../../../src/temporal/connect.js';
import { ask, noContacts, noLimits } from '../../helpers/contacts.js';
import { taskQueue } from '../../../src/domain/names.js';

/** A worker whose workflow retries every failed send. The ledger test must see it answer texts twice. */
const env = process.env as Record<string, string>;
const config = loadConfig(env);
const log = createLog({ level: 'warn', terminal: false });
const { connection, namespace } = await connectTemporal(config.temporal);
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('retrying-workflow.ts', import.meta.url)),
  activities: {
    sendReply: createSendReply({
      outbound: createOutbound(config.gateways.smsmobileapi as SmsMobileApiSettings),
      replyRetryForMs: config.replyRetryForMs,
      isAskedSince: async () => false,
      ask,
      contacts: noContacts,
      limits: noLimits,
      log,
    }),
  },
});
await worker.run();
