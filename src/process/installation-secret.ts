import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, OperatorError } from './errors.js';

export interface SecretSource {
  /** ANSWERBACK_SECRET, if it is set. */
  secret: string | undefined;
  /** The data folder, whose file `secret` holds the secret that `npm start` made. */
  dataDir: string;
}

/** The least length of the secret in the file, as of ANSWERBACK_SECRET. */
const minCharacters = 32;

/** @throws {ConfigError} that says how to make the secret, when it is not set */
export function requireSecret(secret: string | undefined): string {
  if (secret !== undefined) return secret;
  throw new ConfigError([
    'ANSWERBACK_SECRET must be set, to the same secret for every process of this installation; ' +
      'make one with: openssl rand -hex 32',
  ]);
}

/** Returns ANSWERBACK_SECRET, or else the secret in the data folder; undefined without both. */
export function findSecret({ secret, dataDir }: SecretSource): string | undefined {
  if (secret !== undefined) return secret;
  const file = secretFile(dataDir);
  const kept = readIfPresent(file)?.trim();
  if (kept !== undefined && kept.length < minCharacters)
    throw new OperatorError(`${file} is damaged: restore it from a backup, or set ANSWERBACK_SECRET to its value`);
  return kept;
}

/** Returns the secret as `findSecret` does. Makes one in the data folder, which exists, when there is none. */
export function findOrMakeSecret(source: SecretSource): string {
  const found = findSecret(source);
  if (found !== undefined) return found;
  const made = randomBytes(32).toString('hex');
  writeDurably(secretFile(source.dataDir), `${made}\n`);
  return made;
}

const secretFile = (dataDir: string) => path.join(path.resolve(dataDir), 'secret');

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
