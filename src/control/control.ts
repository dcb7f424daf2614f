import { existsSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { OperatorError } from '../process.js';
import { drainState, type DrainState } from './drain.js';
import { type Mending, type QuarantinedEntry, quarantinedEntry, quarantinePage, type QuarantinedSummary, type Requeued, requeued } from './quarantine.js';

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
  const { status, body } = await ask(dataDir, 'POST', '/erasures', { number });
  if (status !== 200) throw new OperatorError(`The inbox could not erase all of it: look at the log of the api, then run this again`);
  return erased.parse(body);
}

/** The api answered, and did not do it; the message says why. */
export class RefusedError extends OperatorError {}

/** The quarantine of the api that runs on a data folder, as its commands see it; all throw OperatorError as `askToErase` does. */
export function quarantineOf(dataDir: string) {
  async function asked<Answer>(schema: z.ZodType<Answer>, method: 'GET' | 'POST', target: string, content?: unknown): Promise<Answer> {
    const { status, body } = await ask(dataDir, method, target, content);
    if (status === 200) return schema.parse(body);
    if (status === 500) throw new RefusedError('The inbox could not do it: look at the log of the api, then run this again');
    throw new RefusedError(problem.parse(body).detail);
  }

  return {
    async *list(): AsyncGenerator<QuarantinedSummary> {
      for (let after = 0; ; ) {
        const { entries } = await asked(quarantinePage, 'GET', `/quarantine?after=${after}`);
        if (entries.length === 0) return;
        yield* entries;
        after = entries.at(-1)?.id ?? 0;
      }
    },
    show: (id: number): Promise<QuarantinedEntry> => asked(quarantinedEntry, 'GET', `/quarantine/${id}`),
    requeue: (id: number, mending: Mending): Promise<Requeued> => asked(requeued, 'POST', `/quarantine/${id}/requeue`, mending),
  };
}

/** The draining of the api that runs on a data folder; all throw OperatorError as `askToErase` does. */
export function drainOf(dataDir: string) {
  const asked = async (method: Method): Promise<DrainState> => {
    const { status, body } = await ask(dataDir, method, '/drain');
    if (status !== 200) throw new RefusedError('The api could not do it: look at its log, then run this again');
    return drainState.parse(body);
  };
  return { begin: () => asked('POST'), end: () => asked('DELETE'), state: () => asked('GET') };
}

type Method = 'GET' | 'POST' | 'DELETE';

const problem = z.object({ detail: z.string() });

async function ask(dataDir: string, method: Method, target: string, content?: unknown): Promise<{ status: number | undefined; body: unknown }> {
  const socketPath = controlSocket(dataDir);
  if (socketPath === undefined || !existsSync(socketPath)) throw noneRuns(dataDir);
  const asking = request({ socketPath, path: target, method, signal: AbortSignal.timeout(answerWithinMs) });
  const answered = new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    asking.on('error', reject);
    asking.on('response', (answer) => void json(answer).then((body) => resolve({ status: answer.statusCode, body }), reject));
  });
  asking.end(content === undefined ? undefined : JSON.stringify(content));
  return answered.catch((error: NodeJS.ErrnoException) => {
    // Left by one that was killed.
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') throw noneRuns(dataDir);
    throw new OperatorError(`The api on ${dataDir} did not answer (${error.message}): look at its log, then run this again`);
  });
}

function noneRuns(dataDir: string): OperatorError {
  return new OperatorError(`No Answerback runs on ${path.resolve(dataDir)}: start it, or set DATA_DIR to the folder of the one that runs, then run this again`);
}
