/**
 * Masks a number: `+123456789` becomes `+1******89`. Numbers of 8 or more characters keep two characters at each end,
 * shorter ones the first character, and those of up to 3 characters none. Only `+`, digits and ASCII letters are ever
 * shown.
 */
export function maskNumber(number: string): string {
  const characters = Array.from(number);
  const kept = characters.length >= 8 ? 2 : 0;
  return characters
    .map((character, index) => {
      const shown = index < Math.max(kept, characters.length > 3 ? 1 : 0) || index >= characters.length - kept;
      return shown && /[+0-9A-Za-z]/.test(character) ? character : '*';
    })
    .join('');
}
