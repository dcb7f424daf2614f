/** Words of every day that lie one letter from a known word and must not be taken for its misspelling. */
export const commonWords = new Set(
  `words`.split(/\s+/),
);
