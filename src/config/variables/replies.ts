import { z } from 'zod';
import { boolean } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';

const group = 'Replies';

/** Whether replies are sent, and their texts. */
export const repliesVariables = {
  SMS_AUTO_REPLY_ENABLED: {
    group,
    schema: boolean.optional(),
    expected: 'true or false',
    meaning: 'Whether replies are sent. With a real gateway they are off until you switch them on.',
    default: 'false; true with the simulated gateway',
  },
  SMS_AUTO_REPLY_TEXT: {
    group,
    schema: z.string().max(1_600).optional(),
    expected: 'a text of at most 1,600 characters',
    meaning: 'One reply text for every label. Not set: each label has its templates in the playbook.',
  },
  PLAYBOOK: {
    group,
    schema: z.string().optional(),
    expected: 'a playbook file',
    meaning:
      'The playbook file, with the labels and their templates. ' +
      'Not set: `playbook.yaml` in the current folder, or else the built-in playbook.',
  },
} as const satisfies Record<string, Variable>;
