import type { Contact, ContactState } from './contact.js';
import type { InboundMessage } from './message.js';

/** Tells that a person is needed. Resolves once the event is stored in Temporal, which tells it in the background. */
export type Tell = (event: AttentionEvent) => Promise<void>;

/** What happened that needs a person. */
export type AttentionEvent =
  | EventOf<`contact.${ContactState}`, MessageFacts & ContactFacts>
  | EventOf<'reply.parked', MessageFacts & ParkedFacts>
  | EventOf<'replies.limit-near' | 'replies.limit-reached', LimitFacts>;

export type EventType = AttentionEvent['type'];

interface EventOf<Type extends string, Data> {
  type: Type;
  /**
   * Unique, and the same on every try. Only letters, digits, `-`, `_` and `~`: it is part of a workflow id, and the
   * signature must not be ambiguous.
   */
  id: string;
  /** When it happened, ISO 8601. */
  at: string;
  /** Who wrote, as one identity, by which `answerback erase` finds the run of the event. It is not told. */
  sender?: string;
  data: Data;
  /** Told only with EVENTS_TEXTS. */
  texts?: EventTexts;
}

interface MessageFacts {
  /** The id of the message's run. */
  guid: string;
  gateway: string;
  line?: string;
  /** Who wrote, as the gateway wrote it. */
  number: string;
  label?: string;
}

interface ContactFacts {
  state: ContactState;
  /** When it ends, ISO 8601. Absent: never. */
  until?: string;
  source: string;
}

interface ParkedFacts {
  parkedAs: 'failed' | 'uncertain';
  /** Why, without text and number. */
  reason: string;
}

interface LimitFacts {
  /** How many replies were sent in this period, and how many may be. */
  sent: number;
  limit: number;
}

interface EventTexts {
  text: string;
  /** The words in it that caused the event. */
  words?: string;
}

/** What an event takes from a message and its run. */
export interface EventSubject {
  message: InboundMessage;
  /** The id of the message's run. */
  guid: string;
  label?: string;
}

/** The event of a contact that a message changed, told once for each message and state. */
export function contactEvent(
  subject: EventSubject,
  { state, since, until, source, words }: Omit<Contact, 'sender' | 'run'>,
): AttentionEvent {
  return {
    ...ofMessage(subject, state, words),
    type: `contact.${state}`,
    at: since,
    data: { ...factsOf(subject), state, ...(until !== undefined && { until }), source },
  };
}

/**
 * The event of a parked reply.
 *
 * @param parked.time how many times the run was parked so far, from 1: each time is told once
 */
export function parkedEvent(
  subject: EventSubject,
  { time, at, parkedAs, reason }: ParkedFacts & { time: number; at: string },
): AttentionEvent {
  return {
    ...ofMessage(subject, `parked-${time}`),
    type: 'reply.parked',
    at,
    data: { ...factsOf(subject), parkedAs, reason },
  };
}

/**
 * The event of the limit of all replies together.
 *
 * @param options.period names the period in which it is told once, such as `2026-11-29`
 */
export function limitEvent(
  reached: 'near' | 'reached',
  { period, at, sent, limit }: LimitFacts & { period: string; at: string },
): AttentionEvent {
  return {
    type: `replies.limit-${reached}`,
    id: idOf('replies', `limit-${reached}-${period}`),
    at,
    data: { sent, limit },
  };
}

function ofMessage({ message: { sender, text }, guid }: EventSubject, what: string, words?: string) {
  return { id: idOf(guid, what), sender, texts: { text, ...(words !== undefined && { words }) } };
}

function factsOf({ message: { gateway, line, from }, guid, label }: EventSubject): MessageFacts {
  return { guid, gateway, ...(line !== undefined && { line }), number: from, ...(label !== undefined && { label }) };
}

/** An id has no dot, which separates the parts of what is signed. No GUID that is a workflow id has a `~`. */
const idOf = (of: string, what: string) => `${of}-${what}`.replaceAll('.', '~');
