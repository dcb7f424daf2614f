import { createSmsMobileApiDialect } from '../../src/demo/simulated-gateway/dialects/smsmobileapi.js';
import type { Dialect } from '../../src/demo/simulated-gateway/dialect.js';

/** Answers replies to these numbers with a status instead of sending them, and counts how often it did. */
export interface AnswersByNumber {
  dialect: Dialect;
  /** 400: refused. 429: busy, try again. 500: it is unknown whether it was sent. */
  answer: (number: string, status: 400 | 429 | 500) => void;
  /** Sends to this number from now on. */
  accept: (number: string) => void;
  /** How often a reply to this number was not sent. */
  turnedAway: (number: string) => number;
}

/** Creates the dialect of SMSMobileAPI for a gateway that treats some numbers in their own way. */
export function answersByNumber(): AnswersByNumber {
  const usual = createSmsMobileApiDialect({ settings: { credentials: { signingSecrets: [] } }, webhookUrl: '' });
  const statuses = new Map<string, number>();
  const counts = new Map<string, number>();
  return {
    dialect: {
      ...usual,
      readSend(request) {
        const asked = usual.readSend(request);
        const status = asked && 'to' in asked ? statuses.get(asked.to) : undefined;
        if (!asked || !('to' in asked) || status === undefined) return asked;
        counts.set(asked.to, (counts.get(asked.to) ?? 0) + 1);
        return { status, body: usual.failed(status) };
      },
    },
    answer: (number, status) => void statuses.set(number, status),
    accept: (number) => void statuses.delete(number),
    turnedAway: (number) => counts.get(number) ?? 0,
  };
}
