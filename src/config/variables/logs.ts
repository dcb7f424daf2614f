import { z } from 'zod';
import { boolean } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';

const group = 'Logs';

/** What the log contains, and its format. */
export const logsVariables = {
  LOG_TEXTS: {
    group,
    schema: boolean.default(false),
    expected: 'true or false',
    meaning: 'Whether texts may be written to the log, at level `debug`.',
    default: 'false',
  },
  LOG_FORMAT: {
    group,
    schema: z.enum(['text', 'json']).optional(),
    expected: 'text or json',
    meaning: 'The format of the log.',
    default: 'text on a terminal, else json',
  },
  LOG_LEVEL: {
    group,
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    expected: 'one of fatal, error, warn, info, debug, trace, silent',
    meaning: 'The lowest level that is logged.',
    default: 'info',
  },
} as const satisfies Record<string, Variable>;
