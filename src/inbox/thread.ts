import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { createKeyring } from '../keyring.js';
import { createInboxDatabase, type InboxDatabase } from './database.js';
import { type Answer, isDiskError, type Request, type ThreadSettings } from './protocol.js';
import { openInboxFile } from './schema.js';

/** How often the thread looks whether there is house-keeping to do, in milliseconds. */
const idleMs = 1_000;

/** How often the log is emptied at most, in milliseconds. */
const logEmptyMs = 60_000;

/** GUIDs looked at in one step of the purge: under a millisecond, so that no acknowledgement waits for it. */
const purgeStep = 200;

/** Changed rows after which a checkpoint is made although somebody waits: the log must not grow for ever. */
const mostRowsBetweenCheckpoints = 20_000;

const port = parentPort as MessagePort;
const settings = workerData as ThreadSettings;
const file = openInboxFile(settings.dataDir, { synchronous: settings.synchronous, keyring: createKeyring(settings.payloadKeys) });
const database = createInboxDatabase(file);

let rowsSinceCheckpoint = 0;
let busyUntil = 0;
let logHasTexts = true;
let logEmptiedAt = 0;
/** The clock time at which the current round of the purge began; a round a day. */
let purgedAt = 0;

port.postMessage({ type: 'open', status: database.status() } satisfies Answer);
port.on('message', (request: Request) => {
  const answer = answerTo(request, database);
  if (answer) port.postMessage(answer);
  if (rowsSinceCheckpoint >= mostRowsBetweenCheckpoints) checkpoint();
  // Noted after the work: on a slow disk that takes longer than the time that counts as idle, and the next commit waits already.
  busyUntil = Date.now();
});
const housekeeping = setInterval(() => {
  purgeIfDue();
  if (Date.now() - busyUntil > idleMs / 10) checkpoint();
  emptyLogIfDue();
}, idleMs);

function answerTo(request: Request, database: InboxDatabase): Answer | undefined {
  switch (request.type) {
    case 'commit':
      try {
        const committed = database.commit(request.change);
        logHasTexts = true;
        rowsSinceCheckpoint += 1 + request.change.guids.length + request.change.forwarded.length + 100 * request.change.quarantined.length;
        return { type: 'committed', ...committed, status: database.status() };
      } catch (error) {
        return { type: 'failed', ...failureOf(error) };
      }
    case 'page':
      return { type: 'page', rows: request.stuck ? database.stuck(request.limit) : database.pending(request.afterSeq, request.limit) };
    case 'erase':
      try {
        const step = database.erase(request.number, request.cursor);
        rowsSinceCheckpoint += 1 + step.seqs.length + step.quarantined * 100;
        if (!step.next) logHasTexts = !database.emptyLog();
        return { type: 'erased', step, status: database.status() };
      } catch (error) {
        return { type: 'refused', ...failureOf(error) };
      }
    case 'look-quarantined':
      try {
        return { type: 'quarantined', entries: database.quarantined(request.afterId, request.limit) };
      } catch (error) {
        return { type: 'refused', ...failureOf(error) };
      }
    case 'requeue':
      try {
        const requeued = database.requeue(request.requeue);
        logHasTexts = true;
        rowsSinceCheckpoint += 100 + request.requeue.guids.length;
        return { type: 'requeued', requeued, status: database.status() };
      } catch (error) {
        return { type: 'refused', ...failureOf(error) };
      }
    case 'close':
      clearInterval(housekeeping);
      file.close();
      port.close();
      return undefined;
  }
}

/** The log still has the texts of what was forwarded. Emptying it makes the next commits a little slower, so it is done rarely. */
function emptyLogIfDue(): void {
  const { depth, stuck } = database.status();
  if (!logHasTexts || depth > stuck || Date.now() - logEmptiedAt < logEmptyMs) return;
  logEmptiedAt = Date.now();
  reportingDiskErrors(() => void (logHasTexts = !database.emptyLog()));
}

function checkpoint(): void {
  if (rowsSinceCheckpoint === 0) return;
  rowsSinceCheckpoint = 0;
  reportingDiskErrors(() => database.checkpoint());
}

function purgeIfDue(): void {
  if (Date.now() - purgedAt < 86_400_000) return;
  reportingDiskErrors(() => {
    if (!database.purge(settings.dedupDays, purgeStep)) purgedAt = Date.now();
    rowsSinceCheckpoint++;
  });
}

/** A full disk is met by the next commit too, and that one has somebody to tell. */
function reportingDiskErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, message } = failureOf(error);
    if (isDiskError(code)) port.postMessage({ type: 'broken', code, message } satisfies Answer);
  }
}

function failureOf(error: unknown): { code: string; message: string } {
  const { code = 'unknown', message } = error as { code?: string; message: string };
  return { code, message };
}
