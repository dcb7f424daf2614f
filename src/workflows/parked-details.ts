import type { Status } from './operators.js';

/** What an operator reads in Temporal Web UI about a parked reply, as Markdown. */
export function parkedDetails({ parkedAs, lastFailure, lastFailureAt, tries }: Status): string {
  return [
    parkedAs === 'failed' ? '**The reply was not sent.**' : '**The gateway may have taken the reply.** Look there before you retry.',
    '',
    `- what: ${lastFailure}`,
    `- when: ${lastFailureAt}`,
    `- tries: ${tries}`,
    '',
    'Signal `retryReply` sends it once more; `markReplySent` ends the run without a send.',
  ].join('\n');
}
