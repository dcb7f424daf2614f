import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../process.js';

/** How a command on this machine reaches the api that holds a data folder: over loopback, with a secret that only this user can read. */
const record = z.object({ port: z.int().min(1).max(65_535), token: z.string().min(1) });
export type ControlRecord = z.infer<typeof record>;

const recordFile = (dataDir: string) => path.join(dataDir, 'control.json');

export function newToken(): string {
  return randomBytes(24).toString('hex');
}

export async function writeRecord(dataDir: string, control: ControlRecord): Promise<void> {
  await writeFile(recordFile(dataDir), JSON.stringify(control), { mode: 0o600 });
}

export async function removeRecord(dataDir: string): Promise<void> {
  await rm(recordFile(dataDir), { force: true });
}

/** What an erasure in the inbox found. */
const erased = z.object({
  /** GUIDs of messages from the number; their runs are still to be erased. */
  guids: z.array(z.string()),
  /** Texts that were waiting to be forwarded. */
  waiting: z.int(),
  /** What the quarantine held. */
  quarantined: z.int(),
  /** What could not be looked at, for want of its key. */
  unreadable: z.int(),
});
export type Erased = z.infer<typeof erased>;

/**
 * Asks the api that runs on a data folder to erase what its inbox holds of a number.
 *
 * @throws {OperatorError} when none runs there, or it could not
 */
export async function askToErase(dataDir: string, number: string): Promise<Erased> {
  const text = await readFile(recordFile(dataDir), 'utf8').catch(() => undefined);
  if (text === undefined) throw noneRuns(dataDir);
  const { port, token } = record.parse(JSON.parse(text));
  const answer = await fetch(`http://127.0.0.1:${port}/erasures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ number }),
  }).catch(() => undefined);
  // Left by one that was killed, and its port may be another program's.
  if (!answer || answer.status === 401 || answer.status === 404) throw noneRuns(dataDir);
  if (!answer.ok) throw new OperatorError(`The inbox could not erase all of it: ${((await answer.json()) as { detail?: string }).detail ?? answer.status}. Run this again`);
  return erased.parse(await answer.json());
}

function noneRuns(dataDir: string): OperatorError {
  return new OperatorError(`No Answerback runs on ${dataDir}: start it, or set DATA_DIR to the folder of the one that runs, then run this again`);
}
