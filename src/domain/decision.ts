import type { ContactChange, ContactState } from './contact.js';

/** What a text says: one of the playbook's labels, such as `Agree`. */
export type Label = string;

/** The label of a text, and whether rules or the model chose it. */
export interface Verdict {
  label: Label;
  by: 'rules' | 'openai';
}

/** Why a message deliberately gets no reply. */
export type SilenceReason =
  | 'auto-reply-disabled'
  | 'no-template-for-label'
  | 'no-playbook-for-line'
  | 'sender-cannot-be-answered'
  | 'sender-denied'
  | 'too-late'
  | 'sent-to-several'
  | 'answered-by-provider'
  | ContactState
  | LimitReason
  | `double of ${string}`;

/** A limit that a reply would exceed: that of its sender, or that of all senders together. */
export type LimitReason = 'sender-limit' | 'day-limit';

/**
 * What a reply is sent in spite of.
 * - `anything`: it confirms a STOP, or is help, which pauses, opt-outs and limits don't hold back.
 * - `pause`: it says that replies are on again. Only an opt-out that came since then holds it back.
 * - `hand-over`: it tells the sender that a person will read the text. Only opt-outs, the pause of all replies and the
 *   limit of the day hold it back.
 */
export type Despite = 'anything' | 'pause' | 'hand-over';

/**
 * Reply with this text, or stay silent for this reason. An activity makes the decision once; the run records it and
 * follows it, whatever changes later in rules, playbook and settings.
 */
export type Decision = {
  verdict: Verdict;
  /** What is remembered of the sender from now on. */
  contact?: ContactChange;
} & (
  | {
      kind: 'reply';
      text: string;
      /** How old the message may be when the reply is sent without an operator, in milliseconds. */
      maxAgeMs: number;
      /** How long a failed reply stays parked for an operator, in milliseconds. */
      parkMs: number;
      /** What it is sent in spite of. Absent: nothing. */
      despite?: Despite;
      /** Whether the provider knows the send by its mark, so that one whose worker was lost is repeated. */
      isRepeatable?: true;
      /** For a yes: this text in place of the reply, when it turns out that the sender has opted out. */
      ifOptedOut?: string;
      /** This text in place of the reply, once, when it turns out that the sender's limit is reached. */
      ifOverLimit?: string;
    }
  | { kind: 'silent'; reason: SilenceReason }
);
