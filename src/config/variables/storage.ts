import { z } from 'zod';
import type { Variable } from '../../variables/variable.js';

const group = 'Storage';

export const defaultDataDir = 'data';

/** What is stored on this machine, where and for how long. */
export const storageVariables = {
  ACK_AFTER: {
    group,
    schema: z.enum(['inbox', 'temporal']).default('inbox'),
    expected: 'inbox or temporal',
    meaning:
      'Where a message must be stored before the gateway gets its 200: in the inbox on this disk, or in Temporal.',
    default: 'inbox',
  },
  DATA_DIR: {
    group,
    schema: z.string().optional(),
    expected: 'a folder',
    meaning:
      'The folder for everything that must survive a restart. Only one process may use it. ' +
      'With `ACK_AFTER=temporal`, an api has a quarantine only when this is set.',
    default: defaultDataDir,
  },
} as const satisfies Record<string, Variable>;
