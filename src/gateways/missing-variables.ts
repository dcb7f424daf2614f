import type { Values } from './gateway.js';

/**
 * Returns a line for each variable that an account needs and lacks, once one of the gateway's own variables is set.
 *
 * @param remedies what to do about each
 */
export function missingVariables(
  values: Values,
  own: readonly string[],
  remedies: Readonly<Record<string, string>>,
): string[] {
  const given = own.find((variable) => values[variable] !== undefined);
  if (given === undefined) return [];
  return Object.entries(remedies)
    .filter(([variable]) => values[variable] === undefined)
    .map(([variable, todo]) => `${variable} must be set when ${given} is set: ${todo}`);
}
