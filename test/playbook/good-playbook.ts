export const good = `otherwise: Other
labels:
  Late:
    meaning: Comes later
    words: [late, 10 minutes]
    templates:
      en: Fine.
      de: Gut.
  Other:
    meaning: Anything else
    silence: true
`;
