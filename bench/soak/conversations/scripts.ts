import type { ReplyKind } from './reply-kinds.js';
import type { Says } from './texts.js';

/** A text of a script. */
export interface Step {
  says: Exclude<Says, 'machine'>;
  /** The reply that it waits for. Absent: it follows the text before it within a second. */
  after?: ReplyKind;
}

/** What the senders of a storm write. The first reply can be in any step when their STOP comes. */
export const scripts: ReadonlyArray<readonly Step[]> = [
  [{ says: 'agree' }, { says: 'stop' }],
  [{ says: 'agree' }, { says: 'stop' }, { says: 'stop-again' }],
  [{ says: 'agree' }, { says: 'stop' }, { says: 'question', after: 'stop' }, { says: 'stop-again' }, { says: 'help' }],
  [{ says: 'agree' }, { says: 'stop' }, { says: 'start', after: 'stop' }, { says: 'disagree', after: 'start' }],
];
