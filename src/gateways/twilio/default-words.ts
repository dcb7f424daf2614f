import type { InboundMessage } from '../../domain/message.js';

/**
 * The words that Twilio answers itself where Advanced Opt-Out is off, as the whole text. YES is not one of them: Twilio
 * takes it for START only from a number that opted out.
 * https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
 */
const words: Readonly<Record<'STOP' | 'HELP' | 'START', readonly string[]>> = {
  STOP: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  HELP: ['HELP', 'INFO'],
  START: ['START', 'UNSTOP'],
};

/** A number with its country: neither a short code nor an address of WhatsApp, for which Twilio answers nothing. */
const number = /^\+\d+$/;

/** Returns as what Twilio has answered a text that has no `OptOutType`; undefined: it has not. */
export function answeredByDefault({
  from,
  to = '',
  text,
}: Pick<InboundMessage, 'from' | 'to' | 'text'>): InboundMessage['answeredByProvider'] {
  if (!number.test(from) || !number.test(to)) return undefined;
  const word = text.trim().toUpperCase();
  return (['STOP', 'HELP', 'START'] as const).find((kind) => words[kind].includes(word));
}
