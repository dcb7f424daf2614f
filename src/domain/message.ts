/** The version of the workflow's input. A worker fails the task of a run with another version, and the run waits. */
export const messageVersion = 1;

/** One inbound text, as the gateway handed it over and the api accepted it. It is the input of its workflow. */
export interface InboundMessage {
  version: typeof messageVersion;
  /**
   * The id of this text, 1 to 1,000 characters: the first gateway's GUID unchanged, and `<gateway>.<its id>` for other
   * gateways, as src/gateways/message-id.ts makes it. The same id is the same message.
   */
  id: string;
  /** The name of the gateway that received the text. The reply leaves by it. */
  gateway: string;
  /** The phone or SIM that received the text, where the gateway tells it. The reply leaves by it. */
  line?: string | undefined;
  /** Who wrote, as the gateway wrote it: a number in any notation, a short code, or a name. 1 to 64 characters. */
  from: string;
  /** Who wrote, as one identity for all notations: see `createSenderOf`. */
  sender: string;
  /** The number that was texted, where the gateway tells it. The reply leaves by it. */
  to?: string | undefined;
  /** What was written. May be empty, up to 40,000 characters. */
  text: string;
  /**
   * When the api accepted it, ISO 8601. A message's age counts from this time where there is no `receivedAt`.
   */
  acceptedAt: string;
  /**
   * When the phone or the provider received it, ISO 8601, where the gateway tells it reliably. It is never later than
   * `acceptedAt`.
   */
  receivedAt?: string | undefined;
  /** Whether it was sent to several people: it gets no reply. */
  isToSeveral?: true | undefined;
  /** The provider has answered this text itself, as an opt-out word or a question for help: it gets no second reply. */
  answeredByProvider?: 'STOP' | 'HELP' | 'START' | undefined;
  /**
   * The id of a message with the same text of the same sender, accepted a moment before or after: the gateway's double
   * of it, which gets no reply. The api finds it when it starts the run.
   */
  doubleOf?: string;
  /** The gateway's own dates, unchanged. Only people read them. */
  date?: string | undefined;
  hour?: string | undefined;
  timeReceived?: string | undefined;
}

/** As many digits as all notations of a number have in common, whatever country code they carry. */
const comparedDigits = 7;

/**
 * Returns what tells a message posted again from another message with the same id: its text and its sender. All Unicode
 * forms of a text are the same, with or without white space around it, and so are all notations of a number.
 */
export function contentOf({ text, sender }: Pick<InboundMessage, 'text' | 'sender'>): string {
  const isNumber = /^\+?\d+$/.test(sender);
  return JSON.stringify([text.normalize('NFC').trim(), isNumber ? sender.slice(-comparedDigits) : sender]);
}

/** Returns when a text was received, as far as its gateway tells it, in Unix milliseconds: its age counts from it. */
export const receivedAtMs = ({ receivedAt, acceptedAt }: Pick<InboundMessage, 'receivedAt' | 'acceptedAt'>): number =>
  Math.min(Date.parse(receivedAt ?? acceptedAt), Date.parse(acceptedAt));
