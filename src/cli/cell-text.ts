/**
 * Puts an apostrophe before a text that a spreadsheet would run as a formula: senders and gateways write some of them.
 * One more apostrophe stands before those that begin with one, so that `fromText` gives the same text back.
 */
export const asText = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** Removes the apostrophe of `asText`. */
export const fromText = (written: string): string => (/^'+[=+\-@\t\r]/.test(written) ? written.slice(1) : written);
