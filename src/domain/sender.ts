import { type CountryCode, parseDigits, parsePhoneNumberFromString } from 'libphonenumber-js';

/** Returns who wrote, as one identity for all notations of a number. */
export type SenderOf = (from: string) => string;

/** The signs between the digits of a number, as people and gateways write them: `+1 (555) 000-1234`, `001.555/0001`. */
const numberPattern = /^[\s(]*\+?[\d\s().\p{Pd}/]+$/u;

/** Up to this many digits are a short code. */
const maxShortCodeDigits = 6;

/**
 * Creates the function that identifies senders.
 * - A number with `+` or `00`, or of the default country, is returned in E.164, such as `+15550001234`.
 * - Any other number is returned as its digits, since its country is unknown.
 * - A short code is returned as its digits, and a name such as `MPESA` unchanged, but for the spaces around it.
 *
 * The identity of an identity is the same identity.
 *
 * @param defaultCountry ISO 3166-1 alpha-2, such as `US`; undefined: numbers without `+` or `00` keep their digits
 */
export function createSenderOf(defaultCountry: CountryCode | undefined): SenderOf {
  return (from) => {
    // In E.164 already, and of the country code whose numbers take longest to parse.
    if (/^\+1[2-9]\d{9}$/.test(from)) return from;
    const written = from.normalize('NFKC').trim();
    // Invisible marks surround numbers that are copied from a contact list.
    const plain = withAsciiDigits(written.replace(/\p{Cf}/gu, ''));
    const digits = plain.replace(/\D/g, '');
    if (digits === '' || !numberPattern.test(plain)) return written;
    const hasPlus = plain.includes('+');
    // No country code begins with 0.
    const international = hasPlus || digits.startsWith('00') ? digits.replace(/^0+/, '') : '';
    if (!international && digits.length <= maxShortCodeDigits) return digits;
    const number =
      (international && toE164(`+${international}`)) || (defaultCountry && !hasPlus && toE164(digits, defaultCountry));
    if (number) return number;
    // A number of no country's plan, such as a test number: its `+` still makes all of its notations equal.
    return international ? `+${international}` : digits;
  };
}

/**
 * Each pass removes a trunk prefix, such as the (0) of `+44 (0)20`, or rewrites one. In a number of zeros nearly every
 * digit is one.
 */
const maxPasses = 20;

/** Returns a number in E.164; undefined when its length fits no plan. */
function toE164(number: string, defaultCountry?: CountryCode): string | undefined {
  const parsed = parsePhoneNumberFromString(number, { ...(defaultCountry && { defaultCountry }) });
  if (!parsed?.isPossible()) return undefined;
  let e164: string = parsed.number;
  for (let pass = 1, before = number; pass < maxPasses && e164 !== before; pass++) {
    before = e164;
    const again = parsePhoneNumberFromString(e164);
    if (again?.isPossible()) e164 = again.number;
  }
  return e164;
}

/** Replaces full-width and Arabic digits by 0 to 9. */
export function withAsciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => parseDigits(digit) || digit);
}

/** A sender to erase. */
export interface SenderToErase {
  sender: string;
  /** The digits with which its number is usually written, or its name. */
  notations: readonly string[];
}

/** Returns the sender of a number and the notations by which an unparsed post mentions it. */
export function senderToErase(number: string, senderOf: SenderOf): SenderToErase {
  const sender = senderOf(number);
  if (!sender.startsWith('+')) return { sender, notations: [sender] };
  const digits = sender.slice(1);
  const parsed = parsePhoneNumberFromString(sender);
  if (!parsed) return { sender, notations: [digits, `00${digits}`] };
  const { countryCallingCode, nationalNumber } = parsed;
  const withTrunkPrefix = `${countryCallingCode}0${nationalNumber}`;
  const inItsCountry = [nationalNumber, parsed.formatNational().replace(/\D/g, '')];
  return {
    sender,
    notations: [
      ...new Set([
        digits,
        `00${digits}`,
        withTrunkPrefix,
        `00${withTrunkPrefix}`,
        ...inItsCountry.filter((national) => senderOf(national) === sender),
      ]),
    ],
  };
}

/**
 * Returns whether a sender can get a reply. Names can't, and short codes (up to 6 digits) are machines: a reply to one
 * would start a loop.
 */
export function canBeAnswered(sender: string): boolean {
  return /^\+?\d+$/.test(sender) && sender.replace('+', '').length > maxShortCodeDigits;
}
