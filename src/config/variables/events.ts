import { z } from 'zod';
import { boolean, httpUrl } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { anHttpUrl } from './expected.js';

const group = 'Events';

/** As Standard Webhooks has it: 24 to 64 bytes. */
const secret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/)
  .refine((value) => {
    const { length } = Buffer.from(value.slice('whsec_'.length), 'base64');
    return length >= 24 && length <= 64;
  });

/** Who is told when a person is needed. */
export const eventsVariables = {
  EVENTS_URL: {
    group,
    schema: httpUrl.optional(),
    expected: anHttpUrl,
    meaning: 'The address that gets a signed event when a person is needed. Not set: none does.',
  },
  EVENTS_SECRET: {
    group,
    schema: secret.optional(),
    expected: '`whsec_` and 24 to 64 random bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)',
    meaning: 'The secret that signs the events. It must be set when `EVENTS_URL` is.',
  },
  EVENTS_TEXTS: {
    group,
    schema: boolean.default(false),
    expected: 'true or false',
    meaning: 'Whether events contain the text of the message.',
    default: 'false',
  },
  EVENTS_PRIVATE: {
    group,
    schema: boolean.default(false),
    expected: 'true or false',
    meaning: 'Whether `EVENTS_URL` may lead to an address of a private network or of this machine.',
    default: 'false',
  },
} as const satisfies Record<string, Variable>;
