import type { PhoneSign } from './phone-sign.js';

/** How a post was answered: 200, 401, any other 4xx, 503, or anything else. */
export const acknowledgements = ['accepted', 'unauthenticated', 'invalid', 'not-accepted', 'failed'] as const;
export type Acknowledgement = (typeof acknowledgements)[number];

/** Observes the posts to the webhook. The api calls it and the metrics implement it; neither imports the other. */
export interface ApiObserver {
  /** @param seconds from the head of the request to its response */
  onResponded(outcome: Acknowledgement, seconds: number): void;
  /** Called once a post is committed: how many of its messages are accepted, and how many are in quarantine. */
  onReceived(messages: { accepted: number; rejected: number }): void;
  /** Called for each phone that a post tells about. */
  onPhone(gateway: string, sign: PhoneSign): void;
}
