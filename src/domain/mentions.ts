import { withAsciiDigits } from './sender.js';

/** A number with fewer digits is only found as a whole word: its digits are part of too many other numbers. */
const minDigitsOfPhoneNumber = 7;

/**
 * Tells whether an unparsed post contains one of the notations of a sender, with any signs between its digits, escaped
 * as in JSON or in a form. In doubt it returns true: the post was never accepted, and would be removed within days.
 */
export function mentions(raw: Buffer, notations: readonly string[]): boolean {
  const text = withAsciiDigits(unescaped(raw.toString()).normalize('NFKC'));
  return notations.some((notation) => contains(text, notation));
}

function contains(text: string, notation: string): boolean {
  const wanted = notation.replace(/[^\p{L}\p{N}]/gu, '');
  if (wanted === '') return text.includes(notation);
  const isNumber = /^\p{N}+$/u.test(wanted);
  // Separators inside a number: spaces, brackets, dashes. A quote, a comma or a colon starts another value.
  const between = !isNumber || wanted.length >= minDigitsOfPhoneNumber ? '[^\\p{L}\\p{N}",:]{0,4}' : '';
  const edge = isNumber && between ? '\\p{N}' : '[\\p{L}\\p{N}]';
  const pattern = Array.from(wanted).join(between);
  return new RegExp(`(?<!${edge})${pattern}(?!${edge})`, 'iu').test(text);
}

/** Decodes `%2B` and `\\u002b`, and replaces `\\n` and similar escapes by spaces. */
function unescaped(text: string): string {
  const character = (hex: string) => String.fromCharCode(parseInt(hex, 16));
  return text
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => character(hex))
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => character(hex))
    .replace(/\\[a-z]/gi, ' ');
}
