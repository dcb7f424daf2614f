import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = <Json>(file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Json;

const { packages } = readJson<{
  packages: Record<string, { resolved?: string; integrity?: string; hasInstallScript?: boolean; link?: boolean }>;
}>('package-lock.json');
const { allowScripts, dependencies } = readJson<{
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
}>('package.json');
const installed = Object.entries(packages).filter(([location]) => location !== '');
const nameOf = (location: string) => location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length);

it('every package in the lockfile is pinned by its hash, without an address', () => {
  expect(installed.length).toBeGreaterThan(100);
  for (const [location, { resolved, integrity }] of installed) {
    expect(integrity, location).toMatch(/^sha512-/);
    expect(resolved, location).toBeUndefined();
  }
});

it('each package with an install script is on the list of allowed scripts', () => {
  const withScript = new Set(
    installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([location]) => nameOf(location)),
  );
  expect(Object.keys(allowScripts).sort()).toEqual(expect.arrayContaining([...withScript].sort()));
  for (const name of Object.keys(allowScripts))
    expect(
      installed.some(([location]) => nameOf(location) === name),
      name,
    ).toBe(true);
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['better-sqlite3']);
});

it('the bill of materials names every package', async () => {
  const { stdout } = await promisify(execFile)('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    maxBuffer: 10_000_000,
  });
  const { bomFormat, components } = JSON.parse(stdout) as {
    bomFormat: string;
    components: Array<{ name: string; purl: string; version: string }>;
  };
  expect(bomFormat).toBe('CycloneDX');
  expect(components.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  for (const { purl } of components) expect(purl).toMatch(/^pkg:npm\//);
});
