import { z } from 'zod';
import { boolean, httpUrl, port } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { aPort, anHttpUrl } from './expected.js';

const group = 'Temporal';

const temporalAddress = z
  .string()
  .regex(/^[^\s/]+:\d{1,5}$/)
  .refine((address) => Number(address.split(':').at(-1)) < 65_536);

/** The Temporal server. `@temporalio/envconfig` reads more variables; docs/configuration.md names them. */
export const temporalVariables = {
  TEMPORAL_ADDRESS: {
    group,
    schema: temporalAddress.optional(),
    expected: 'host:port, without a scheme',
    meaning: 'The address of your own Temporal server. Not set: `npm start` runs a server itself.',
  },
  TEMPORAL_TLS: {
    group,
    schema: z.enum(['true', 'false', '1', '0']).optional(),
    expected: 'true or false, in lower case',
    meaning: 'Whether to connect to that server with TLS. TLS is also on when `TEMPORAL_API_KEY` is set.',
    default: 'false',
  },
  ACCEPT_SHORT_RETENTION: {
    group,
    schema: boolean.default(false),
    expected: 'true or false',
    meaning:
      'Whether that server may keep closed runs for less than `REPLY_MAX_AGE` and a week. ' +
      'A message that the gateway posts again after a shorter retention gets a second reply.',
    default: 'false',
  },
  TEMPORAL_PORT: {
    group,
    schema: port.default(7233),
    expected: aPort,
    meaning: 'The port of the Temporal server that `npm start` runs.',
    default: '7233',
  },
  TEMPORAL_UI_PORT: {
    group,
    schema: port.default(8233),
    expected: aPort,
    meaning: 'The port of the Temporal Web UI that `npm start` runs.',
    default: '8233',
  },
  TEMPORAL_UI_URL: {
    group,
    schema: httpUrl.transform((url) => url.replace(/\/$/, '')).optional(),
    expected: anHttpUrl,
    meaning: 'The address of Temporal Web UI, for links in the log. Not set: `npm start` uses its own Web UI.',
  },
} as const satisfies Record<string, Variable>;
