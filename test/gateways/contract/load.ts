import { existsSync, readdirSync } from 'node:fs';
import type { ContractCases } from '../contract.js';

/** The folders of the gateways. */
export const source = new URL('../../../src/gateways/', import.meta.url);

/** Every folder of src/gateways is a gateway, whether or not it is in the registry. */
const folders = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The cases of each gateway; undefined where it has none. */
export const loaded = await Promise.all(folders.map(async (folder) => ({ folder, cases: await casesOf(folder) })));

/** The cases of all gateways that have some. */
export const allCases: readonly ContractCases[] = loaded.flatMap(({ cases }) => cases ?? []);

/** Returns undefined when there is no such file. Any other fault of it ends the test. */
async function casesOf(folder: string): Promise<ContractCases | undefined> {
  const file = new URL(`../${folder}/contract-cases.ts`, import.meta.url);
  if (!existsSync(file)) return undefined;
  return ((await import(file.href)) as { cases: ContractCases }).cases;
}
