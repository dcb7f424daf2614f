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
  'auto-reply-disabled' | 'no-template-for-label' | 'sender-cannot-be-answered' | 'too-late' | ContactState;

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
      /** A confirmation or help, which is also sent to a sender who gets no automatic replies. */
      aboutContact?: true;
      /** For a yes: this text in place of the reply, when it turns out that the sender has opted out. */
      ifOptedOut?: string;
    }
  | { kind: 'silent'; reason: SilenceReason }
);
