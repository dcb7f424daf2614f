import { z } from 'zod';
import { boolean, pastTimeMs } from '../../variables/kinds.js';
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
    expected: 'a playbook file, or a folder of playbooks',
    meaning:
      'The playbook file, with the labels and their templates, or a folder with a playbook for each line. ' +
      'Not set: `playbook.yaml` in the current folder, or else the built-in playbook.',
  },
  RESTORED_AT: {
    group,
    schema: pastTimeMs.optional(),
    expected: 'a time with its zone that is not in the future, such as 2026-11-01T10:00:00Z',
    meaning:
      'Set it after Temporal was [restored from a backup](backup.md#restore), to the time of the restore. ' +
      'A message from before it may have been answered after the backup was made, so its reply is parked as ' +
      '`uncertain` and not sent, unless an operator retries it.',
  },
} as const satisfies Record<string, Variable>;
