import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { findOrMakeSecret, findSecret, requireSecret } from '../../src/process/installation-secret.js';
import { temporaryFolder } from '../kit/data-folder.js';
import { testSecret } from '../kit/secret.js';

let dataDir: string;
let file: string;
beforeEach(async () => {
  const folder = await temporaryFolder('secret');
  onTestFinished(folder.remove);
  dataDir = folder.path;
  file = path.join(dataDir, 'secret');
});

it('npm start makes a secret once, in a file that only its user can read', async () => {
  const made = findOrMakeSecret({ secret: undefined, dataDir });
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, 'utf8')).trim()).toBe(made);
  expect(findOrMakeSecret({ secret: undefined, dataDir })).toBe(made);
  expect(findSecret({ secret: undefined, dataDir })).toBe(made);
});

it('the variable has priority over the file, and nothing is written for it', async () => {
  expect(findOrMakeSecret({ secret: testSecret, dataDir })).toBe(testSecret);
  await expect(stat(file)).rejects.toThrow('ENOENT');
  findOrMakeSecret({ secret: undefined, dataDir });
  expect(findSecret({ secret: testSecret, dataDir })).toBe(testSecret);
});

it('a crash before the file was complete leaves none, and the next start makes it', async () => {
  await writeFile(`${file}.new`, '0123');
  expect(findSecret({ secret: undefined, dataDir })).toBeUndefined();
  expect(findOrMakeSecret({ secret: undefined, dataDir })).toMatch(/^[0-9a-f]{64}$/);
});

it('a damaged file is not replaced', async () => {
  await writeFile(file, 'short\n');
  expect(() => findOrMakeSecret({ secret: undefined, dataDir })).toThrow(`${file} is damaged`);
  expect(await readFile(file, 'utf8')).toBe('short\n');
});

it('a file that is not readable is not replaced', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root can read every file');
  await writeFile(file, testSecret);
  await chmod(file, 0);
  expect(() => findOrMakeSecret({ secret: undefined, dataDir })).toThrow("can't be read (EACCES)");
});

it('without a data folder there is none', () => {
  expect(findSecret({ secret: undefined, dataDir: path.join(dataDir, 'not-there') })).toBeUndefined();
});

it('a process that needs the variable says how to make one', () => {
  expect(requireSecret(testSecret)).toBe(testSecret);
  expect(() => requireSecret(undefined)).toThrow(/ANSWERBACK_SECRET must be set.*openssl rand -hex 32/);
});
