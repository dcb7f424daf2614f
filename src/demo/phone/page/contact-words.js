/** The words for what is remembered of a sender. */

const sources = new Map([
  ['limit', ' (too many texts)'],
  ['operator', ' (by the operator)'],
  ['import', ' (imported)'],
]);

const states = {
  'opted-out': ({ since, from }) => `Opted out since ${since}${from}. Write START to get replies again.`,
  'handed-over': ({ until, from }) => `Handed over to a person${until}${from}. No automatic replies.`,
  unreachable: ({ until }) => `The provider says that this number can't get texts. No replies${until}.`,
  paused: ({ until, from }) => `Paused${until}${from}.`,
  'everyone-paused': ({ until }) => `All automatic replies are paused${until}, for every number.`,
};

/**
 * Describes a contact. What ends for this sender alone, other than an opt-out, can be resumed here.
 *
 * @returns {{ words: string, canResume: boolean } | undefined} undefined: there is nothing to say
 */
export function contactWords({ state, since, until, source } = {}) {
  const words = states[state];
  if (!words) return undefined;
  return {
    words: words({
      since: moment(since),
      until: until === undefined ? '' : ` until ${moment(until)}`,
      from: sources.get(source) ?? '',
    }),
    canResume: ['paused', 'handed-over', 'unreachable'].includes(state),
  };
}

/** A time of day, with its date when that is more than a day away. */
function moment(at) {
  const isNear = Math.abs(Date.parse(at) - Date.now()) < 86_400_000;
  const date = isNear ? {} : { day: 'numeric', month: 'short', year: 'numeric' };
  return new Date(at).toLocaleString([], { ...date, hour: '2-digit', minute: '2-digit' });
}
