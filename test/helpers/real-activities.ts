import type { Activities } from '../../src/activities/index.js';
import { createConsider } from '../../src/activities/consider.js';
import type { Model } from '../../src/activities/model.js';
import { createProlong } from '../../src/activities/prolong.js';
import type { AskedLimits } from '../../src/activities/refusal.js';
import { createRemember } from '../../src/activities/remember.js';
import { createSendReply } from '../../src/activities/send-reply.js';
import { createTellParked } from '../../src/activities/tell-parked.js';
import type { Tell } from '../../src/domain/event.js';
import type { SenderList } from '../../src/domain/sender-list.js';
import { createOutbound } from '../../src/gateways/sms-mobile-api/outbound.js';
import type { CurrentPlaybook } from '../../src/playbook/load.js';
import { createIsAskedSince } from '../../src/temporal/asked-since.js';
import { type Contacts, createContacts } from '../../src/temporal/contacts.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { testSecret } from '../kit/secret.js';
import { ask, noLimits } from './contacts.js';
import { silentLog } from './logs.js';
import { defaultPlaybook, unchanging } from './playbook.js';
import type { TemporalForTest } from './suite-temporal.js';

/** The activities as the worker wires them, in front of a gateway at `gatewayUrl`. */
export function realActivities(
  { connection, client }: Pick<TemporalForTest, 'connection' | 'client'>,
  gatewayUrl: string,
  {
    model,
    playbook = unchanging(defaultPlaybook),
    stopping = new AbortController().signal,
    repliesEnabled = true,
    autoReplyText,
    parkMs = 600_000,
    mayReply = () => true,
    contacts = createContacts(client, [createSenderKey(testSecret)]),
    limits = noLimits,
    tell = async () => {},
    restoredAtMs,
  }: {
    model?: Model;
    playbook?: CurrentPlaybook;
    stopping?: AbortSignal;
    repliesEnabled?: boolean;
    autoReplyText?: string;
    parkMs?: number;
    mayReply?: SenderList;
    contacts?: Contacts;
    limits?: AskedLimits;
    tell?: Tell;
    restoredAtMs?: number;
  } = {},
): Activities {
  return {
    prolong: createProlong({ contacts }),
    remember: createRemember({ contacts, tell, log: silentLog }),
    tellParked: createTellParked(tell),
    ...createConsider({
      model,
      playbook,
      autoReply: { enabled: repliesEnabled, text: autoReplyText },
      mayReply,
      parkMs,
      replyMaxAgeMs: 86_400_000,
      stopping,
      runUrl: (workflowId) => workflowId,
      log: silentLog,
    }),
    sendReply: createSendReply({
      outbound: createOutbound({ apiKey: 'key', url: gatewayUrl }),
      replyRetryForMs: 3_600_000,
      restoredAtMs,
      isAskedSince: createIsAskedSince({ connection, namespace: 'default' }),
      ask,
      contacts,
      limits,
      log: silentLog,
    }),
  };
}
