/** What a state is called for people. The names are those of Answerback's own records. */

export const silences = {
  'auto-reply-disabled': 'auto-reply is switched off',
  'no-answer-for-label': 'there is no answer for this label',
  'opted-out': 'they asked for no more texts',
  'sender-cannot-be-answered': 'a name or a short code takes no replies',
  'too-late': 'the text is too old',
};

const parked = {
  failed: { title: 'Parked as failed', meaning: 'It surely was not sent.' },
  uncertain: { title: 'Parked as uncertain', meaning: 'It may have arrived, so it is not sent again by itself.' },
};

const steps = { classify: 'It could not be read so far', sendReply: 'The reply was not sent so far' };

/**
 * Where a text stands: a line, and whether somebody has to act on it.
 *
 * @returns {{ tone: 'busy' | 'good' | 'quiet' | 'failed' | 'uncertain', title: string, detail?: string, action?: 'release' | 'deliver-again' }}
 */
export function standing({ delivery, problem, run, releasedAfter }) {
  if (delivery === 'under way') return { tone: 'busy', title: 'On its way to the webhook' };
  if (delivery === 'not accepted') return { tone: 'failed', title: 'Not accepted', detail: problem, action: 'deliver-again' };
  if (!run) return { tone: 'busy', title: 'Accepted, kept on disk' };
  if (run.retrying) return { tone: 'busy', ...retried(run.retrying) };
  if (run.state === 'failed' || run.state === 'uncertain') return parkedReply(run, releasedAfter);
  if (run.state === 'ended') return { tone: 'failed', title: 'Ended without a reply', detail: run.lastFailure };
  if (run.state === 'running') return { tone: 'busy', title: run.verdict ? 'Sending the reply' : 'Being read' };
  return finished(run.outcome);
}

function retried({ activity, attempt, nextAt }) {
  const when = nextAt ? ` at ${clock(nextAt, { second: '2-digit' })}` : '';
  return { title: `Tried again${when}`, detail: `${steps[activity] ?? activity}. Try ${attempt}.` };
}

function parkedReply({ state, lastFailure, lastFailureAt, tries }, releasedAfter) {
  if (releasedAfter !== undefined && releasedAfter === lastFailureAt) return { tone: 'busy', title: 'Released: sending the reply' };
  const { title, meaning } = parked[state];
  const said = lastFailure ? `${lastFailure}${tries > 1 ? ` (${tries} tries)` : ''}. ` : '';
  return { tone: state, title, detail: said + meaning, action: 'release' };
}

function finished(outcome) {
  if (outcome?.reply === 'skipped') return { tone: 'quiet', title: 'No reply', detail: `Since ${silences[outcome.reason] ?? outcome.reason}.` };
  return { tone: 'good', title: outcome?.by === 'operator' ? 'Marked as replied by an operator' : 'Replied' };
}

export function clock(at, more = {}) {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', ...more });
}
