import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { isQuotaUsedUp } from './disk-quota.js';
import { createKeyring } from '../secrets/keyring.js';
import { InboxDatabase } from './database.js';
import { type ThreadResponse, isDiskError, type ThreadRequest, type ThreadOptions } from './protocol.js';
import { openInboxFile } from './schema.js';

/** The interval of housekeeping, in milliseconds. */
const housekeepingMs = 1_000;

/** Without a request for this long, the thread counts as idle and checkpoints, in milliseconds. */
const idleMs = housekeepingMs / 10;

/**
 * A checkpoint runs when this many pages are in the log, even while posts wait. So few take some milliseconds, and the
 * log stays small.
 */
const maxPagesInLog = 256;

/** The minimum time between two emptyings of the log, in milliseconds. */
const logEmptyMs = 60_000;

/** How often the quarantine is checked for entries that are too old, in milliseconds. */
const tidyMs = 600_000;

const port = parentPort as MessagePort;
const options = workerData as ThreadOptions;
const file = openInboxFile(options.dataDir, {
  synchronous: options.synchronous,
  keyring: createKeyring(options.payloadKeys),
});
const database = new InboxDatabase(file);

// The clock of `performance.now()`, which doesn't jump.
let busyUntilMs = 0;
let logEmptiedAtMs = 0;
let tidiedAtMs = -Infinity;
let logHasTexts = true;
/** After an erasure the log is emptied as soon as possible. */
let logHasErasedTexts = false;

respond({ type: 'done', result: undefined, status: database.status() });
port.on('message', (request: ThreadRequest) => {
  if (request.operation === 'close') return close();
  respond(run(request));
  if (request.operation === 'page' || request.operation === 'quarantined') return;
  logHasTexts = true;
  logHasErasedTexts ||= request.operation === 'erase';
  checkpoint(maxPagesInLog);
  // Set after the work: on a slow disk, it may take longer than the idle time, and the next commit already waits.
  busyUntilMs = performance.now();
});
const housekeeping = setInterval(() => {
  if (performance.now() - busyUntilMs > idleMs) checkpoint(1);
  tidyIfDue();
  emptyLogIfDue();
}, housekeepingMs);

function respond(response: ThreadResponse): void {
  port.postMessage(response);
}

function run({ operation, input }: Exclude<ThreadRequest, { operation: 'close' }>): ThreadResponse {
  try {
    const result: unknown = database[operation](input as never);
    return { type: 'done', result, status: database.status() };
  } catch (error) {
    return { type: 'failed', ...failureOf(error) };
  }
}

function checkpoint(minPages: number): void {
  reportingDiskErrors(() => {
    if (database.pagesInLog() >= minPages) database.checkpoint();
  });
}

function tidyIfDue(): void {
  if (performance.now() - tidiedAtMs < tidyMs) return;
  reportingDiskErrors(() => {
    if (!database.tidy()) tidiedAtMs = performance.now();
  });
}

/**
 * The log still holds the texts of forwarded messages. Emptying it slows down the next commits a little, so it runs
 * rarely.
 */
function emptyLogIfDue(): void {
  const { depth, stuck } = database.status();
  const isQuiet = depth <= stuck && performance.now() - logEmptiedAtMs >= logEmptyMs;
  if (!logHasErasedTexts && !(logHasTexts && isQuiet)) return;
  logEmptiedAtMs = performance.now();
  reportingDiskErrors(() => {
    if (database.emptyLog()) logHasTexts = logHasErasedTexts = false;
  });
}

/**
 * Runs `work` and reports only disk errors. Others, such as a full disk, also fail the next commit, which reports them.
 */
function reportingDiskErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    const failure = failureOf(error);
    if (isDiskError(failure.code)) respond({ type: 'broken', ...failure });
  }
}

/** A disk quota that is used up counts as a full disk. */
function failureOf(error: unknown): { code: string; message: string } {
  const { code = 'unknown', message } = error as { code?: string; message: string };
  if (code !== 'SQLITE_IOERR_WRITE' || !isQuotaUsedUp(options.dataDir)) return { code, message };
  return { code: 'SQLITE_FULL', message: 'the disk quota is used up' };
}

function close(): void {
  clearInterval(housekeeping);
  file.close();
  port.close();
}
