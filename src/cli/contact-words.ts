import type { Contact, ContactState } from '../domain/contact.js';
import { OperatorError } from '../process/errors.js';

/** The states as commands write them. */
export const stateWords: Record<ContactState, string> = {
  'opted-out': 'opted out',
  paused: 'paused',
  'handed-over': 'handed over',
  unreachable: 'unreachable',
};

/** Returns the line that says that the replies to everybody are paused. */
export const everyoneLine = ({ until }: Pick<Contact, 'until'>): string =>
  `All automatic replies are paused${until === undefined ? '' : ` until ${until}`}: ` +
  'start them again with "answerback contact resume --all"';

/** Returns the part of a JSON document about the pause of all replies. */
export const everyoneDocument = (everyone: Contact | undefined) => {
  if (!everyone) return null;
  const { since, until, source } = everyone;
  return { since, until, source };
};

/** An error that tells the way to end an opt-out. */
export const hasOptedOut = (masked: string, unchanged: string): OperatorError =>
  new OperatorError(`${masked} has opted out, and ${unchanged}: end the opt-out with "answerback contact opt-in"`);
