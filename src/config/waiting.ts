import * as fixedWaits from '../domain/waiting.js';
import { days, durationMs, rate } from '../variables/kinds.js';
import type { Variable } from '../variables/variable.js';

const group = 'Waiting and limits';
const aDuration = (example: string) => `a number with s, m, h or d, such as ${example}`;

/**
 * How long messages and replies may wait, and the limits that operators can set. docs/limits.md explains them, and a
 * test compares it with them.
 */
export const waitingVariables = {
  REPLY_MAX_AGE: {
    group,
    schema: durationMs.prefault('24h'),
    expected: aDuration('24h'),
    meaning:
      'How old a message may be when its reply is sent, counted from when the phone or the provider received it, ' +
      'where the gateway tells that, and else from its acceptance by Answerback. ' +
      'An older message gets no reply, unless an operator retries it.',
    default: '24h',
  },
  REPLY_RETRY_FOR: {
    group,
    schema: durationMs.prefault('1h'),
    expected: aDuration('1h'),
    meaning:
      'How long sending is retried after its first failure, when the reply was certainly not sent. ' +
      'Waiting for a limit is not a failure.',
    default: '1h',
  },
  PARK_DAYS: {
    group,
    schema: days.prefault('30'),
    expected: 'a number of days from 1 to 9999',
    meaning: 'How many days a parked reply waits for an operator after its last failure. Then its run fails.',
    default: '30',
  },
  SMS_PER_MINUTE: {
    group,
    schema: rate(6_000).optional(),
    expected: 'a number of replies a minute from 0.01 to 6000',
    meaning: 'How many replies all workers together send in a minute by each gateway. Not set: no limit.',
  },
  OPENAI_RPS: {
    group,
    schema: rate(1_000).optional(),
    expected: 'a number of requests a second from 0.01 to 1000',
    meaning: 'How many requests a second all workers together send to the model. Not set: no limit.',
  },
} as const satisfies Record<string, Variable>;

/** The variable that limits the replies of one gateway, such as `SMS_PER_MINUTE_` with its name in capital letters. */
export const smsPerMinuteOf = (gateway: string): string => `SMS_PER_MINUTE_${gateway.toUpperCase()}`;

/** Creates the variable of `smsPerMinuteOf`. */
export const smsPerMinuteVariable = (title: string): Variable => ({
  ...waitingVariables.SMS_PER_MINUTE,
  meaning: `The same for ${title} alone.`,
  default: 'SMS_PER_MINUTE',
});

/** The waiting times that can't be set. */
export { fixedWaits };
