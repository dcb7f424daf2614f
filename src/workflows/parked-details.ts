import type { Status } from './signals.js';

/** Describes a parked reply as Markdown, for operators in Temporal Web UI. */
export function parkedDetails({ parkedAs, lastFailure, lastFailureAt, tries }: Status): string {
  return [
    parkedAs === 'failed'
      ? '**The reply was not sent.**'
      : '**The gateway may have sent the reply.** Check at the gateway before you retry.',
    '',
    `- failure: ${lastFailure}`,
    `- when: ${lastFailureAt}`,
    `- tries: ${tries}`,
    '',
    'Signal `retryReply` sends it again; `markReplySent` ends the run without a send.',
  ].join('\n');
}
