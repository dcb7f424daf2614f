import { existsSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { OperatorError } from '../process.js';

/** The longest path of a socket that every system takes, in bytes. */
const longestPath = 100;

/**
 * Where a command on this machine reaches the api that holds a data folder: a socket in that folder, which is this user's only.
 * Undefined where the folder's path is too long for one.
 */
export function controlSocket(dataDir: string): string | undefined {
  const absolute = path.join(path.resolve(dataDir), 'control.sock');
  return [absolute, path.relative('.', absolute)].find((socket) => Buffer.byteLength(socket) <= longestPath);
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
  /** GUIDs that are known without a number. */
  unattributed: z.int(),
});
export type ErasedInInbox = z.infer<typeof erased>;

/** A large inbox takes some seconds. */
const answerWithinMs = 120_000;

/**
 * Asks the api that runs on a data folder to erase what its inbox holds of a number.
 *
 * @throws {OperatorError} when none runs there, or it could not
 */
export async function askToErase(dataDir: string, number: string): Promise<ErasedInInbox> {
  const socketPath = controlSocket(dataDir);
  if (socketPath === undefined || !existsSync(socketPath)) throw noneRuns(dataDir);
  const { status, body } = await post(socketPath, '/erasures', { number }).catch((error: NodeJS.ErrnoException) => {
    // Left by one that was killed.
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') throw noneRuns(dataDir);
    throw new OperatorError(`The api on ${dataDir} did not answer (${error.message}): look at its log, then run this again`);
  });
  if (status !== 200) throw new OperatorError(`The inbox could not erase all of it: look at the log of the api, then run this again`);
  return erased.parse(body);
}

function post(socketPath: string, target: string, body: unknown): Promise<{ status: number | undefined; body: unknown }> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: target, method: 'POST', signal: AbortSignal.timeout(answerWithinMs) }, (answer) => {
      json(answer).then((read) => resolve({ status: answer.statusCode, body: read }), reject);
    });
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

function noneRuns(dataDir: string): OperatorError {
  return new OperatorError(`No Answerback runs on ${path.resolve(dataDir)}: start it, or set DATA_DIR to the folder of the one that runs, then run this again`);
}
