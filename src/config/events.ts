import type { Variables } from './variables.js';
import { eventsVariables } from './variables/events.js';

/** Who is told when a person is needed. */
export interface EventsConfig {
  url: string;
  secret: string;
  /** Whether events contain texts. */
  texts: boolean;
  /** Whether `url` may lead to an address of a private network or of this machine. */
  private: boolean;
}

/** Returns the settings of events; undefined: none is told. */
export function eventsOf({ EVENTS_URL, EVENTS_SECRET, ...read }: Variables): EventsConfig | undefined {
  if (EVENTS_URL === undefined || EVENTS_SECRET === undefined) return undefined;
  return { url: EVENTS_URL, secret: EVENTS_SECRET, texts: read.EVENTS_TEXTS, private: read.EVENTS_PRIVATE };
}

/** Returns a problem when events can't be signed. */
export function problemsOfEvents(env: Readonly<Record<string, string | undefined>>): string[] {
  if (!env['EVENTS_URL'] || env['EVENTS_SECRET']) return [];
  return [`EVENTS_SECRET must be set when EVENTS_URL is: ${eventsVariables.EVENTS_SECRET.expected}`];
}
