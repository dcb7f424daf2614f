import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gateways } from '../../src/gateways/registry.js';
import { projectFolder } from '../kit/program.js';

const provider = /sms-?mobile-?api|SMS_MOBILE/i;

/**
 * These name a provider: its own folder, the list of gateways, and the simulated gateway, which speaks its protocol.
 */
const exceptions = ['src/gateways/sms-mobile-api/', 'src/gateways/registry.ts', 'src/demo/simulated-gateway/'];

it('no other file of src and bench names or imports SMSMobileAPI', () => {
  const files = ['src', 'bench'].flatMap(filesIn).filter((file) => !exceptions.some((one) => file.startsWith(one)));
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => provider.test(readFileSync(path.join(projectFolder, file), 'utf8')))).toEqual([]);
});

it('only config, the processes and the simulated gateway import the registry; all others receive what they need', () => {
  const importers = filesIn('src').filter((file) =>
    readFileSync(path.join(projectFolder, file), 'utf8').includes("/gateways/registry.js'"),
  );
  expect(importers.sort()).toEqual([
    'src/api/main.ts',
    'src/config/config.ts',
    'src/config/gateways.ts',
    'src/config/variables.ts',
    'src/config/variables/simulated-gateway.ts',
    'src/demo/simulated-gateway/dialects/create-dialect.ts',
    'src/standalone/main.ts',
    'src/worker/queues/sends.ts',
  ]);
});

it('the names, routes and variables of the gateways are different', () => {
  const all = gateways.flatMap(({ name, description, variables }) => [
    name,
    description.path,
    ...Object.keys(variables),
  ]);
  expect(all).toEqual([...new Set(all)]);
});

function filesIn(folder: string): string[] {
  return readdirSync(path.join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(projectFolder, path.join(parentPath, name)));
}
