import { existsSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { OperatorError } from '../process/errors.js';
import { drainState, type DrainState } from './drain.js';
import {
  type Corrections,
  type QuarantinedEntry,
  quarantinedEntry,
  type QuarantinePage,
  quarantinePage,
  type QuarantinedSummary,
  type Requeued,
  requeued,
} from './quarantine.js';
import { type StuckEntry, type StuckPage, stuckPage } from './stuck.js';

/** The longest path of a Unix socket, in bytes: macOS allows 103, Linux 107. */
const maxSocketPathBytes = 103;

/**
 * The path of the socket by which commands on this machine reach the api of a data folder. The socket is in that
 * folder, and only this user can open it. Tries the absolute path, then the one relative to the current folder;
 * undefined when both are too long.
 */
export function controlSocket(dataDir: string): string | undefined {
  const absolute = path.join(path.resolve(dataDir), 'control.sock');
  return [absolute, path.relative('.', absolute)].find((socket) => Buffer.byteLength(socket) <= maxSocketPathBytes);
}

/** The result of an erasure in the inbox. */
const erased = z.object({
  /** Number of erased texts that waited to be forwarded. */
  waiting: z.int(),
  /** Number of erased entries of the quarantine. */
  quarantined: z.int(),
  /** Number of texts that could not be decrypted, because their key is not set. */
  unreadable: z.int(),
});
export type ErasedInInbox = z.infer<typeof erased>;

/** A large inbox takes some seconds. */
const timeoutMs = 120_000;

/**
 * Asks the api that runs on a data folder to erase everything about a number from its inbox.
 *
 * @throws {OperatorError} when no api runs there, or the erasure failed
 */
export async function askToErase(dataDir: string, number: string): Promise<ErasedInInbox> {
  const { status, body } = await callApi(dataDir, 'POST', '/erasures', { number });
  if (status !== 200)
    throw new OperatorError(
      'The inbox did not erase everything: see the log of the api for the cause, then run this again',
    );
  return erased.parse(body);
}

/** The api refused the request. The message says why. */
export class RefusedError extends OperatorError {}

/** Operations on the quarantine of the api that runs on a data folder. All throw OperatorError as `askToErase` does. */
export function quarantineOf(dataDir: string) {
  const call = <Result>(...request: Request<Result>) => resultOf(dataDir, ...request);
  return {
    async list(): Promise<QuarantinePage> {
      const all: QuarantinedSummary[] = [];
      for (;;) {
        const { entries, evicted } = await call(quarantinePage, 'GET', `/quarantine?after=${all.at(-1)?.id ?? 0}`);
        if (entries.length === 0) return { entries: all, evicted };
        all.push(...entries);
      }
    },
    show: (id: number): Promise<QuarantinedEntry> => call(quarantinedEntry, 'GET', `/quarantine/${id}`),
    requeue: (id: number, corrections: Corrections): Promise<Requeued> =>
      call(requeued, 'POST', `/quarantine/${id}/requeue`, corrections),
  };
}

/** Operations on the stuck messages of an api. All throw OperatorError as `askToErase` does. */
export function stuckOf(dataDir: string) {
  return {
    async list(): Promise<StuckEntry[]> {
      const all: StuckEntry[] = [];
      for (let after: number | undefined = 0; after !== undefined;) {
        const { entries, next }: StuckPage = await resultOf(dataDir, stuckPage, 'GET', `/stuck?after=${after}`);
        all.push(...entries);
        after = next;
      }
      return all;
    },
    retry: () => resultOf(dataDir, z.object({}), 'POST', '/stuck/retry'),
  };
}

/** Operations to drain the api that runs on a data folder. All throw OperatorError as `askToErase` does. */
export function drainOf(dataDir: string) {
  const call = (method: Method): Promise<DrainState> => resultOf(dataDir, drainState, method, '/drain');
  return { begin: () => call('POST'), end: () => call('DELETE'), state: () => call('GET') };
}

type Method = 'GET' | 'POST' | 'DELETE';

const problem = z.object({ detail: z.string() });

/** What to ask the api for, and the schema of its response. */
type Request<Result> = [schema: z.ZodType<Result>, method: Method, target: string, content?: unknown];

async function resultOf<Result>(
  dataDir: string,
  ...[schema, method, target, content]: Request<Result>
): Promise<Result> {
  const { status, body } = await callApi(dataDir, method, target, content);
  if (status === 200) return schema.parse(body);
  if (status === 500)
    throw new RefusedError('The inbox failed: see the log of the api for the cause, then run this again');
  throw new RefusedError(problem.parse(body).detail);
}

async function callApi(
  dataDir: string,
  method: Method,
  target: string,
  content?: unknown,
): Promise<{ status: number | undefined; body: unknown }> {
  const socketPath = requireSocket(dataDir);
  const outgoing = request({ socketPath, path: target, method, signal: AbortSignal.timeout(timeoutMs) });
  const received = new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on(
      'response',
      (response) => void json(response).then((body) => resolve({ status: response.statusCode, body }), reject),
    );
  });
  outgoing.end(content === undefined ? undefined : JSON.stringify(content));
  return received.catch((error: NodeJS.ErrnoException) => {
    // An api that was killed leaves its socket file behind.
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') throw notRunning(dataDir);
    throw new OperatorError(
      `The api on ${dataDir} did not respond (${error.message}): see its log for the cause, then run this again`,
    );
  });
}

/** @throws {OperatorError} when no api can run on a data folder, since there is no control socket */
export function requireSocket(dataDir: string): string {
  const socketPath = controlSocket(dataDir);
  if (socketPath === undefined) throw new OperatorError(socketPathTooLong(dataDir));
  if (!existsSync(socketPath)) throw notRunning(dataDir);
  return socketPath;
}

/** Why a data folder has no control socket, and what to do. */
export function socketPathTooLong(dataDir: string): string {
  return (
    `DATA_DIR ${path.resolve(dataDir)} is too long for a socket, ` +
    `whose path may have ${maxSocketPathBytes} bytes: set DATA_DIR to a shorter path`
  );
}

function notRunning(dataDir: string): OperatorError {
  return new OperatorError(
    `No Answerback runs on ${path.resolve(dataDir)}: ` +
      'start it, or set DATA_DIR to the folder of the running one, then run this again',
  );
}
