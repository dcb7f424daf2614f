import type { Config } from '../config/config.js';
import { identitiesOf } from '../domain/contact.js';
import { createSenderOf, senderToErase } from '../domain/sender.js';
import { UsageError } from '../process/errors.js';

type Country = Pick<Config, 'defaultCountry'>;

/**
 * Returns the identities that runs of this number can have: the gateway may have written it without its country code or
 * `+`, and DEFAULT_COUNTRY may have been another one then.
 */
export function sendersOf(number: string, { defaultCountry }: Country): string[] {
  const senderOf = createSenderOf(defaultCountry);
  const { sender, notations } = senderToErase(number, senderOf);
  return [...new Set([sender, senderOf(sender.replace(/^\+?/, '+')), ...notations])];
}

/** A phone number, as the sender of messages. */
export interface PhoneNumber {
  /** Its usual identity. */
  sender: string;
  /** Where it is remembered: the same as for a message whose number is written like this. */
  kept: string[];
  /** Where it is looked up and removed: all identities that its runs can have. */
  possible: string[];
}

/** Tells whether a sender is a number, not a name. */
export const isPhoneNumber = (sender: string): boolean => /^\+?\d{1,20}$/.test(sender);

export const noNumber = 'is not a phone number: write it with + and its country code, such as +15550001234';

/** Returns the number that was typed; undefined for a name, or more digits than a number has. */
export function phoneNumber(typed: string, country: Country): PhoneNumber | undefined {
  const sender = createSenderOf(country.defaultCountry)(typed);
  if (!isPhoneNumber(sender)) return undefined;
  const kept = identitiesOf({ from: typed, sender });
  return { sender, kept, possible: [...new Set([...kept, ...sendersOf(typed, country)])] };
}

/** @throws {UsageError} when it is not a number */
export function requirePhoneNumber(typed: string, country: Country): PhoneNumber {
  const number = phoneNumber(typed, country);
  // The error doesn't repeat it, as that of erase.
  if (!number) throw new UsageError(`The given number ${noNumber}`);
  return number;
}
