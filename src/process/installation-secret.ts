import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { secretFile } from './data-files.js';
import { ConfigError, OperatorError } from './errors.js';

/** The secrets of ANSWERBACK_SECRET: the first writes, all of them are read. */
export type Secrets = readonly [string, ...string[]];

export interface SecretSource {
  /** Those of ANSWERBACK_SECRET. Empty: it is not set. */
  secrets: readonly string[];
  /** The data folder, whose file `secret` holds the secret that `npm start` made, or several with commas. */
  dataDir: string;
}

/** The least length of a secret in the file, as of ANSWERBACK_SECRET. */
const minCharacters = 32;

/** @throws {ConfigError} that says how to make the secret, when none is set */
export function requireSecrets(secrets: readonly string[]): Secrets {
  const [first, ...others] = secrets;
  if (first !== undefined) return [first, ...others];
  throw new ConfigError([
    'ANSWERBACK_SECRET must be set, to the same secret for every process of this installation; ' +
      'make one with: openssl rand -hex 32',
  ]);
}

/** Returns those of ANSWERBACK_SECRET, or else those in the data folder; none without both. */
export function findSecrets({ secrets, dataDir }: SecretSource): readonly string[] {
  if (secrets.length > 0) return secrets;
  const file = secretFile(path.resolve(dataDir));
  const kept = readIfPresent(file)
    ?.split(',')
    .map((secret) => secret.trim());
  if (kept?.some((secret) => secret.length < minCharacters))
    throw new OperatorError(`${file} is damaged: restore it from a backup, or set ANSWERBACK_SECRET to its value`);
  return kept ?? [];
}

/** Returns the secrets as `findSecrets` does. Makes one in the data folder, which exists, when there is none. */
export function findOrMakeSecrets(source: SecretSource): Secrets {
  const [first, ...others] = findSecrets(source);
  if (first !== undefined) return [first, ...others];
  const made = randomBytes(32).toString('hex');
  writeDurably(secretFile(path.resolve(source.dataDir)), `${made}\n`);
  return [made];
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new OperatorError(`${file} can't be read (${code}): run this as the user that Answerback runs under`);
  }
}

/** Writes a file that only this user can read. After a power cut it is there as a whole, or not at all. */
function writeDurably(file: string, content: string): void {
  const unfinished = `${file}.new`;
  const written = openSync(unfinished, 'w', 0o600);
  try {
    writeFileSync(written, content);
    fsyncSync(written);
  } finally {
    closeSync(written);
  }
  renameSync(unfinished, file);
  const folder = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
