import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { findOrMakeSecrets, findSecrets, requireSecrets } from '../../src/process/installation-secret.js';
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
  const [made] = findOrMakeSecrets({ secrets: [], dataDir });
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, 'utf8')).trim()).toBe(made);
  expect(findOrMakeSecrets({ secrets: [], dataDir })).toEqual([made]);
  expect(findSecrets({ secrets: [], dataDir })).toEqual([made]);
});

it('the variable has priority over the file, and nothing is written for it', async () => {
  expect(findOrMakeSecrets({ secrets: [testSecret], dataDir })).toEqual([testSecret]);
  await expect(stat(file)).rejects.toThrow('ENOENT');
  findOrMakeSecrets({ secrets: [], dataDir });
  expect(findSecrets({ secrets: [testSecret], dataDir })).toEqual([testSecret]);
});

it('a crash before the file was complete leaves none, and the next start makes it', async () => {
  await writeFile(`${file}.new`, '0123');
  expect(findSecrets({ secrets: [], dataDir })).toEqual([]);
  expect(findOrMakeSecrets({ secrets: [], dataDir })[0]).toMatch(/^[0-9a-f]{64}$/);
});

it('the file may have several secrets with commas, as the variable', async () => {
  const others = [`${testSecret}-2`, `${testSecret}-3`];
  await writeFile(file, `${[testSecret, ...others].join(', ')}\n`);
  expect(findOrMakeSecrets({ secrets: [], dataDir })).toEqual([testSecret, ...others]);
  await writeFile(file, `${testSecret},\n`);
  expect(() => findSecrets({ secrets: [], dataDir })).toThrow(`${file} is damaged`);
});

it('a damaged file is not replaced', async () => {
  await writeFile(file, 'short\n');
  expect(() => findOrMakeSecrets({ secrets: [], dataDir })).toThrow(`${file} is damaged`);
  expect(await readFile(file, 'utf8')).toBe('short\n');
});

it('a file that is not readable is not replaced', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root can read every file');
  await writeFile(file, testSecret);
  await chmod(file, 0);
  expect(() => findOrMakeSecrets({ secrets: [], dataDir })).toThrow("can't be read (EACCES)");
});

it('without a data folder there is none', () => {
  expect(findSecrets({ secrets: [], dataDir: path.join(dataDir, 'not-there') })).toEqual([]);
});

it('a process that needs the variable says how to make one', () => {
  expect(requireSecrets([testSecret])).toEqual([testSecret]);
  expect(() => requireSecrets([])).toThrow(/ANSWERBACK_SECRET must be set.*openssl rand -hex 32/);
});
