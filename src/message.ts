/** One inbound text, as the gateway handed it over and the api accepted it. */
export interface InboundMessage {
  /** The gateway's id of this text, 1 to 1,000 characters, kept as it came. The same GUID is the same message. */
  guid: string;
  /** Who wrote: a phone number in any notation, a short code, or a name such as `MPESA`. 1 to 64 characters. */
  number: string;
  /** What was written. May be empty, up to 40,000 characters. */
  text: string;
  /** When the api accepted it, ISO 8601. The age of a message counts from here, since gateways send three time formats. */
  acceptedAt: string;
  /** The provider that received the text. */
  gateway: string;
  /** The gateway's own dates, kept as they came and read by nobody but people. */
  date?: string;
  hour?: string;
  timeReceived?: string;
}

/** A number as it is compared: `+1 (555) 000-1234` and `15550001234` are one sender, and so are `MPESA` and `mpesa`. */
export function plainNumber(number: string): string {
  return number.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** What a text says: one of the playbook's labels, such as `Agree`. */
export type Label = string;

/** Why a message gets no reply although nothing failed. */
export type SilenceReason =
  | 'auto-reply-disabled'
  | 'no-answer-for-label'
  | 'opted-out'
  | 'sender-cannot-be-answered'
  | 'too-late';

/** The label, who gave it, and what the playbook answers to it: a text, or none and why. */
export type Verdict = {
  label: Label;
  by: 'rules' | 'openai';
  /** How long a failed reply waits for an operator. */
  parkMs: number;
  /** The task queue on which sends wait their turn; absent: they go out at once. */
  sendsOn?: string;
} & (
  | { answer: string }
  | { answer: null; silence: 'auto-reply-disabled' | 'no-answer-for-label' }
);

/** Reply with this text, or stay silent for this reason. */
export type Decision = { kind: 'reply'; text: string } | { kind: 'silent'; reason: SilenceReason };
