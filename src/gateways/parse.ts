import type { z } from 'zod';

/** Parses JSON; undefined when it isn't JSON. */
export function jsonOf(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString());
  } catch {
    return undefined;
  }
}

/**
 * Names the invalid fields and what was expected, never their values.
 *
 * @param whole what the value as a whole is called
 */
export function invalidFields(error: z.ZodError, whole = 'message'): string {
  return error.issues.map(({ path, message }) => `${path.length ? path.join('.') : whole}: ${message}`).join('; ');
}
