/** A text that a person wrote on the phone of a line, to a sender whom automatic replies would answer. */
export interface HandSent {
  /** Tells it from messages and receipts. */
  handSent: true;
  /** The id of the text, as the gateway tells it. */
  id: string;
  gateway: string;
  /** To whom it was written, as the gateway wrote it. */
  from: string;
  /** The same as one identity: the sender of the texts that it replies to. */
  sender: string;
  /** When its post was accepted, ISO 8601. */
  acceptedAt: string;
}
