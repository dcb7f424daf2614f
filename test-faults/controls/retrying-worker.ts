import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import { loadConfig } from '../../src/config.js';
import { createSmsMobileApi } from '../../src/gateways/sms-mobile-api.js';
import { createLog } from '../../src/log.js';
import { defaultPlaybookFile, openPlaybook } from '../../src/playbook/file.js';
import { connectTemporal } from '../../src/temporal/connect.js';
import { taskQueue } from '../../src/temporal/contract.js';

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
  activities: createActivities({
    playbook: await openPlaybook(defaultPlaybookFile, log),
    autoReply: config.autoReply,
    gateway: createSmsMobileApi(config.gateway),
    parkMs: config.parkMs,
    replyMaxAgeMs: config.replyMaxAgeMs,
    replyRetryForMs: config.replyRetryForMs,
    isAskedSinceReset: async () => false,
    stopping: new AbortController().signal,
    runUrl: (workflowId) => workflowId,
    log,
  }),
});
await worker.run();
