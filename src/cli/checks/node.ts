import { fail, type Finding, ok } from './check.js';

/**
 * Checks the version of Node.
 *
 * @param engines the range in package.json, such as `>=20.20`
 */
export function checkNode(version: string, engines: string): Finding {
  const [required, running] = [engines, version].map((text) => text.replace(/^\D+/, '').split('.').map(Number)) as [
    number[],
    number[],
  ];
  const difference = required.map((part, index) => (running[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  return difference >= 0
    ? ok(`Node ${version}`)
    : fail(`Node ${version} is too old`, `install Node ${engines.replace('>=', '')} or newer`);
}
