import type { ReplyResult } from '../activities/send-reply.js';
import type { ContactChange } from '../domain/contact.js';
import type { Decision } from '../domain/decision.js';
import type { InboundMessage } from '../domain/message.js';
import type { refusedAsOptedOut, RefusedNumber } from '../domain/receipt.js';
import { handedOverMs, unreachableMs } from '../domain/waiting.js';
import { prolong, remember, sendReply, tellParked } from './activities.js';
import type { RunOptions } from './run.js';

type Reply = Extract<Decision, { kind: 'reply' }>;

/** What is remembered of a sender who gets no reply, and what is sent once in its place. */
interface Instead {
  change: ContactChange;
  reply: Pick<Reply, 'text' | 'despite'>;
  /** How the run ends then. Absent: as what is sent in its place. */
  outcome?: ReplyResult;
}

/** Creates the step that sends the reply, or what takes its place. A released run goes on where it was parked. */
export function createReply(message: InboundMessage, decision: Reply): (send: number) => Promise<ReplyResult> {
  let current = decision;
  let outcome: ReplyResult | undefined;

  return async (send) => {
    const result = await sendReply(message, current, send);
    if (isRefused(result)) return result;
    if (result.reply !== 'skipped') return outcome ?? result;
    const instead = insteadOf(current, result, message);
    if (!instead) {
      if (result.reason === 'handed-over' || result.reason === 'paused') await prolong(message);
      return outcome ?? result;
    }
    if (!(await remember(message, instead.change, decision.verdict.label)).isChanged) return result;
    current = { ...decision, ...instead.reply };
    outcome = instead.outcome;
    const told = await sendReply(message, current, send);
    return isRefused(told) ? told : (outcome ?? told);
  };
}

/** Remembers that the provider refused the reply, since the sender opted out there. No confirmation is sent. */
export async function rememberRefusal(
  message: InboundMessage,
  result: ReplyResult | 'marked-sent',
  label: string,
): Promise<void> {
  if (result === 'marked-sent' || !isRefused(result)) return;
  await remember(message, changeBy(result.reason, message), label);
}

/** Creates the step that tells of a parked reply, and remembers what its refusal says about the number. */
export const createOnParked =
  (message: InboundMessage): RunOptions['onParked'] =>
  async (parked, number) => {
    const remembered = number && remember(message, changeBy(number, message), parked.label ?? '');
    await Promise.all([remembered, tellParked(message, parked)]);
  };

const changeBy = (number: RefusedNumber, { gateway }: InboundMessage): ContactChange => ({
  to: number,
  source: gateway,
  ...(number === 'unreachable' && { forMs: unreachableMs }),
});

const isRefused = (result: ReplyResult): result is typeof refusedAsOptedOut =>
  result.reply === 'skipped' && 'by' in result;

function insteadOf(
  { ifOptedOut, ifOverLimit, despite }: Reply,
  skipped: Extract<ReplyResult, { reply: 'skipped' }>,
  { text }: InboundMessage,
): Instead | undefined {
  if (despite) return undefined;
  // A yes opts in again. One from before the opt-out changes nothing.
  if (skipped.reason === 'opted-out' && ifOptedOut !== undefined)
    return { change: { to: 'none', words: text }, reply: { text: ifOptedOut, despite: 'pause' } };
  if (skipped.reason === 'sender-limit' && ifOverLimit !== undefined)
    return {
      change: { to: 'paused', forMs: handedOverMs },
      reply: { text: ifOverLimit, despite: 'hand-over' },
      outcome: skipped,
    };
  return undefined;
}
