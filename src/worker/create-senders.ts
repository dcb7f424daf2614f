import type { Client } from '@temporalio/client';
import type { Registry } from 'prom-client';
import type { Ask, AskedLimits } from '../activities/refusal.js';
import type { Config } from '../config/config.js';
import { limitEvent, type Tell } from '../domain/event.js';
import { questionsTimeoutMs } from '../domain/waiting.js';
import type { Log } from '../log/log.js';
import { createDayMetrics } from '../metrics/day.js';
import { type Contacts, createContacts } from '../temporal/contacts.js';
import { createDayLimit, type DayLimitChange } from '../temporal/day-limit.js';
import { createTell, noTell } from '../temporal/events.js';
import type { SenderKeys } from '../temporal/sender-key.js';
import { createSenderLimits } from '../temporal/sender-limits.js';
import { withinDeadline } from '../temporal/within-deadline.js';

export interface SendersOptions {
  config: Config;
  client: Client;
  senderKeys: SenderKeys;
  metrics: Registry;
  log: Log;
}

/** What a worker asks and tells about senders. */
export interface Senders {
  ask: Ask;
  contacts: Contacts;
  limits: AskedLimits;
  tell: Tell;
}

/** Creates what a worker asks and tells about senders, from its configuration. */
export function createSenders({ config, client, senderKeys, metrics, log }: SendersOptions): Senders {
  const { events, repliesPerSender, repliesPerDay } = config;
  const tell = events ? createTell(client, { ...events, senderKey: senderKeys[0] }) : noTell;
  return {
    ask: (questions) => withinDeadline(async () => client, questions, questionsTimeoutMs),
    contacts: createContacts(client, senderKeys),
    limits: {
      allowSender: createSenderLimits(client, {
        limits: repliesPerSender,
        senderKeys,
      }),
      allowDay: createDayLimit(client, {
        repliesPerDay,
        onCounted: createDayMetrics(metrics, repliesPerDay).onCounted,
        onChange: (change) => reportDay(change, tell, log),
      }),
    },
    tell,
  };
}

function reportDay({ state, replies, limit, at }: DayLimitChange, tell: Tell, log: Log): void {
  const words = state === 'near' ? 'REPLIES_PER_DAY is near' : 'REPLIES_PER_DAY is reached: senders get no replies';
  log.warn({ event: 'day-limit.changed', state, replies, limit }, `${words} (${replies} of ${limit} in 24 hours)`);
  tell(limitEvent(state, { period: at.slice(0, 10), at, sent: replies, limit })).catch((error: unknown) =>
    log.warn(
      { event: 'event.failed', type: `replies.limit-${state}`, error, isFinal: true },
      `replies.limit-${state} was not told: Temporal didn't store it`,
    ),
  );
}
