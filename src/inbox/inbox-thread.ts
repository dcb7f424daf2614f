import { Worker } from 'node:worker_threads';
import type { InboxStatus } from './database.js';
import {
  type InputOf,
  isDiskError,
  type Operations,
  type ResultOf,
  type ThreadOptions,
  type ThreadResponse,
} from './protocol.js';
import { InboxUnusableError } from './schema.js';

/** An operation failed and changed nothing. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  /** SQLite's, such as `SQLITE_FULL`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The thread of the inbox. */
export interface InboxThread {
  /** @throws {OperationError} when the operation failed; {InboxUnusableError} when the inbox is broken */
  run<Name extends keyof Operations>(operation: Name, input: InputOf<Name>): Promise<ResultOf<Name>>;
  /** As of the last operation. */
  status: () => InboxStatus;
  isBroken(): boolean;
  /** Ends the thread. */
  close(): Promise<void>;
}

interface Waiter {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * Starts the thread and opens the inbox in it.
 *
 * @param onBroken called once, when the disk failed or the thread ended
 * @throws {InboxUnusableError} when the file can't be opened
 */
export async function startInboxThread(
  url: URL,
  options: ThreadOptions,
  onBroken: (error: InboxUnusableError) => void,
): Promise<InboxThread> {
  const worker = new Worker(url, { workerData: options });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  let status = await opened(worker);
  let broken: InboxUnusableError | undefined;
  const waiters: Waiter[] = [];

  function breakDown(reason: string): void {
    if (broken) return;
    broken = new InboxUnusableError(reason);
    for (const { reject } of waiters.splice(0)) reject(broken);
    onBroken(broken);
  }

  function failed({ type, code, message }: Exclude<ThreadResponse, { type: 'done' }>): void {
    if (type === 'failed') waiters.shift()?.reject(new OperationError(code, message));
    if (isDiskError(code))
      breakDown(
        `The disk of the inbox failed (${code}: ${message}). ` +
          'Answerback stops, since the state of the inbox is unknown: check the disk, then start again',
      );
  }

  worker.on('message', (response: ThreadResponse) => {
    if (response.type !== 'done') return failed(response);
    status = response.status;
    waiters.shift()?.resolve(response.result);
  });
  worker.on('error', (error) => breakDown(`The inbox thread ended: ${error.message}`));

  return {
    run<Name extends keyof Operations>(operation: Name, input: InputOf<Name>) {
      if (broken) return Promise.reject(broken);
      worker.postMessage({ operation, input });
      return new Promise<ResultOf<Name>>((resolve, reject) =>
        waiters.push({ resolve: resolve as (result: unknown) => void, reject }),
      );
    },
    status: () => status,
    isBroken: () => broken !== undefined,
    async close() {
      if (broken) return void (await worker.terminate());
      worker.postMessage({ operation: 'close' });
      await ended;
    },
  };
}

function opened(worker: Worker): Promise<InboxStatus> {
  return new Promise((resolve, reject) => {
    worker.once('message', (response: ThreadResponse) => {
      if (response.type === 'done') resolve(response.status);
    });
    worker.once('error', (error) => reject(new InboxUnusableError(error.message)));
  });
}
