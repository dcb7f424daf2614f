/** The words for the states of a text. The keys are Answerback's own names. */

const silences = {
  'auto-reply-disabled': 'auto-reply is switched off',
  'no-template-for-label': 'this label has no template',
  'no-playbook-for-line': 'no playbook serves this line',
  'opted-out': 'the sender has opted out',
  paused: 'replies are paused',
  'handed-over': 'a person takes over',
  unreachable: "the provider says that the number can't get texts",
  'sender-limit': 'the sender has got too many replies in a short time',
  'day-limit': 'the limit of replies for today is reached',
  'sender-denied': 'the sender is on the deny list',
  'sender-cannot-be-answered': "a name or a short code can't receive replies",
  'too-late': 'the text is too old',
  'sent-to-several': 'it was sent to several people',
  'answered-by-provider': 'the provider has answered it',
};

const parked = {
  failed: { title: 'Parked as failed', meaning: 'It was not sent.' },
  uncertain: {
    title: 'Parked as uncertain',
    meaning: 'It may have been sent, so it is not sent again automatically.',
  },
};

const steps = { considerByModel: 'The model has not labelled the text yet', sendReply: 'The reply is not sent yet' };

/**
 * Describes the state of a text, and the action that it needs from the user.
 *
 * @typedef {'busy' | 'good' | 'quiet' | 'failed' | 'uncertain'} Tone
 * @returns {{ tone: Tone, title: string, detail?: string, action?: 'release' | 'post-again' }}
 */
export function standing({ post, problem, run, releasedAfter }) {
  if (post === 'under way') return { tone: 'busy', title: 'Posting to the webhook' };
  if (post === 'not accepted') return { tone: 'failed', title: 'Not accepted', detail: problem, action: 'post-again' };
  if (!run) return { tone: 'busy', title: 'Accepted, stored on disk' };
  if (run.retrying) return { tone: 'busy', ...retried(run.retrying) };
  if (run.state === 'failed' || run.state === 'uncertain') return parkedReply(run, releasedAfter);
  if (run.state === 'ended') return { tone: 'failed', title: 'Ended without a reply', detail: run.lastFailure };
  if (run.state === 'running')
    return { tone: 'busy', title: run.verdict ? 'Sending the reply' : 'Considering the text' };
  return finished(run.outcome);
}

function retried({ activity, attempt, nextAt }) {
  const when = nextAt ? ` at ${clock(nextAt, { second: '2-digit' })}` : '';
  return { title: `Retrying${when}`, detail: `${steps[activity] ?? activity}. Try ${attempt}.` };
}

function parkedReply({ state, lastFailure, lastFailureAt, tries }, releasedAfter) {
  if (releasedAfter !== undefined && releasedAfter === lastFailureAt)
    return { tone: 'busy', title: 'Released: sending the reply' };
  const { title, meaning } = parked[state];
  const failure = lastFailure ? `${lastFailure}${tries > 1 ? ` (${tries} tries)` : ''}. ` : '';
  return { tone: state, title, detail: failure + meaning, action: 'release' };
}

function finished(outcome) {
  if (outcome?.reply === 'skipped')
    return { tone: 'quiet', title: 'No reply', detail: `Because ${silence(outcome.reason)}.` };
  return { tone: 'good', title: outcome?.by === 'operator' ? 'Marked as sent by an operator' : 'Replied' };
}

function silence(reason) {
  if (reason.startsWith('double of ')) return 'it repeats a text that came just before';
  return silences[reason] ?? reason;
}

const receipts = { sent: 'Reply, sent', delivered: 'Reply, delivered', failed: 'Reply, not delivered' };

/** What the gateway has said of a reply. */
export const receiptWords = (receipt) => receipts[receipt] ?? 'Reply';

export function clock(at, more = {}) {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', ...more });
}
