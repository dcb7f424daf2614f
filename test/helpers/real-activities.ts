import { type Activities, createActivities } from '../../src/activities/index.js';
import type { Model } from '../../src/activities/model.js';
import { createSmsMobileApi } from '../../src/gateways/sms-mobile-api.js';
import type { CurrentPlaybook } from '../../src/playbook/file.js';
import { createIsAskedSinceReset } from '../../src/temporal/asked-since-reset.js';
import { silentLog } from './logs.js';
import { defaultPlaybook, unchanging } from './playbook.js';
import type { TemporalForTest } from './temporal.js';

/** The activities as the worker wires them, in front of a gateway at `gatewayUrl`. */
export function realActivities(
  { connection }: Pick<TemporalForTest, 'connection'>,
  gatewayUrl: string,
  {
    model,
    playbook = unchanging(defaultPlaybook),
    stopping = new AbortController().signal,
    sendsOn,
    modelOn,
  }: { model?: Model; playbook?: CurrentPlaybook; stopping?: AbortSignal; sendsOn?: string; modelOn?: string } = {},
): Activities {
  return createActivities({
    model,
    modelOn,
    sendsOn,
    playbook,
    autoReply: { enabled: true, text: undefined },
    parkMs: 600_000,
    gateway: createSmsMobileApi({ apiKey: 'key', url: gatewayUrl }),
    replyMaxAgeMs: 86_400_000,
    replyRetryForMs: 3_600_000,
    isAskedSinceReset: createIsAskedSinceReset({ connection, namespace: 'default' }),
    stopping,
    runUrl: (workflowId) => workflowId,
    log: silentLog,
  });
}
