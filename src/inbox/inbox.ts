import { Worker } from 'node:worker_threads';
import { type Delivery, type Intake, NotAcceptedError } from '../api/intake.js';
import type { PayloadKey } from '../keyring.js';
import type { Log } from '../log.js';
import type { InboxStatus, Requeue, Requeued } from './database.js';
import type { PendingMessage } from './waiting.js';
import { watchFreeSpace } from './free-space.js';
import { createGroup, type Group } from './group.js';
import { eraseAll, type Erased } from './erasure.js';
import { type Answer, isDiskError, type Request, type ThreadSettings } from './protocol.js';
import type { Quarantined } from './quarantine.js';
import { InboxUnusableError } from './schema.js';

export interface InboxSettings {
  dataDir: string;
  /** How long a GUID is remembered. */
  dedupDays: number;
  log: Log;
  /** Called after an error of the disk that leaves in doubt what is on it: the process must end. */
  onBroken: (error: InboxUnusableError) => void;
  /** How long a delivery may wait for its commit. */
  deadlineMs?: number;
  /** NORMAL only for the controls of the power-cut test. */
  synchronous?: 'FULL' | 'NORMAL';
  /** The first seals what is kept of texts and numbers; default: none. */
  payloadKeys?: readonly PayloadKey[];
  /** The built thread; default: beside this file. */
  threadUrl?: URL;
}

/** The durable store of accepted messages. */
export interface Inbox extends Intake {
  /** The oldest messages after `afterSeq` that Temporal does not have yet, or the stuck ones whose time has come. */
  page(request: { stuck: boolean; afterSeq: number; limit: number }): Promise<PendingMessage[]>;
  /** Notes that the workflow of a row exists; its text is erased with the next commit. */
  forwarded(seq: number, number: string): void;
  stuck(seq: number, reason: string, retryAtMs: number): void;
  /** Called after each commit that brought something new. */
  onAccepted(listener: () => void): void;
  /**
   * Erases what is kept of a number and finds the GUIDs of its messages, which stay known.
   *
   * @param onErased told of the rows that wait no more, as they go
   * @throws {InboxUnusableError} when the disk refused it halfway: asking again goes on
   */
  erase(number: string, onErased: (seqs: readonly number[]) => Promise<void>): Promise<Erased>;
  /** The next entries of the quarantine, opened; none only at the end. */
  quarantined(afterId: number, limit: number): Promise<Quarantined[]>;
  /**
   * Accepts what an entry of the quarantine has become; it is gone from there with the same commit.
   *
   * @returns undefined when there is no such entry any more
   */
  requeue(requeue: Requeue): Promise<Requeued | undefined>;
  status(): InboxStatus;
  /** Commits what is noted and closes the file. */
  close(): Promise<void>;
}

/** What an operator asks for beside the deliveries; each is answered, in order. */
type Operation = Extract<Request, { type: 'erase' | 'look-quarantined' | 'requeue' }>;
type OperationAnswer = Extract<Answer, { type: 'erased' | 'quarantined' | 'requeued' | 'refused' }>;

/** Messages, rejected ones included, that may wait for a commit at once; a delivery beyond them is refused at once. */
const mostWaiting = 10_000;

/** How long a note of the forwarder may wait for a commit of a delivery to go along with. */
const noteDelayMs = 50;

/**
 * Opens the inbox in a thread of its own, which is why a disk that hangs still leaves an api that answers 503.
 * Everything that waits when the thread gets free goes into one commit.
 *
 * @throws {InboxUnusableError} when the file cannot be opened
 */
export async function openInbox(settings: InboxSettings): Promise<Inbox> {
  const { dataDir, dedupDays, synchronous = 'FULL', payloadKeys = [], deadlineMs = 1_500, log, onBroken } = settings;
  const thread = new Worker(settings.threadUrl ?? new URL('./thread.js', import.meta.url), {
    workerData: { dataDir, dedupDays, synchronous, payloadKeys } satisfies ThreadSettings,
  });
  const ended = new Promise((resolve) => thread.once('exit', resolve));
  let status = await opened(thread);
  let broken: InboxUnusableError | undefined;
  let failing = false;
  const space = watchFreeSpace(dataDir);
  let gathering = createGroup();
  let committing: Group | undefined;
  let committingSinceMs = 0;
  let scheduled = false;
  let waiting = 0;
  const pages: Array<(rows: PendingMessage[]) => void> = [];
  const listeners: Array<() => void> = [];
  const operations: Array<(answer: OperationAnswer) => void> = [];

  const ask = (request: Request) => thread.postMessage(request);

  /** @throws {InboxUnusableError} when the disk refused it */
  async function operate<Type extends OperationAnswer['type']>(request: Operation, answered: Type): Promise<Extract<OperationAnswer, { type: Type }>> {
    if (broken) throw new InboxUnusableError('The inbox is broken');
    ask(request);
    const answer = await new Promise<OperationAnswer>((resolve) => operations.push(resolve));
    if (answer.type !== answered) throw new InboxUnusableError(`The inbox cannot commit (${answer.type === 'refused' ? answer.code : answer.type})`);
    return answer as Extract<OperationAnswer, { type: Type }>;
  }

  function schedule(): void {
    if (scheduled || committing) return;
    scheduled = true;
    // After this turn of the event loop, so that all requests that came in it share the commit.
    setImmediate(commit);
  }

  function commit(): void {
    scheduled = false;
    if (broken || committing || gathering.isEmpty()) return;
    committing = gathering;
    committingSinceMs = performance.now();
    gathering = createGroup();
    ask({ type: 'commit', change: committing.change });
  }

  /** After a failure the mere notes wait for the next try: a full disk would else be asked again without a pause. */
  const isWorthCommitting = () => gathering.isAwaited() || (!failing && !gathering.isEmpty());

  function settle(outcome: (group: Group) => void): void {
    const group = committing as Group;
    committing = undefined;
    waiting -= group.change.guids.length + group.change.quarantined.length;
    outcome(group);
    if (isWorthCommitting()) commit();
  }

  function refuse(group: Group, code: string, message: string): void {
    if (!failing) log.error({ event: 'inbox.failing', code }, `The inbox cannot commit: ${message}`);
    failing = true;
    group.reject(new NotAcceptedError(`the inbox cannot commit (${code})`));
    if (isDiskError(code)) diskFailed({ code, message });
    else gathering.keepNotesOf(group);
  }

  function diskFailed({ code, message }: { code: string; message: string }): void {
    breakDown(`The disk of the inbox failed (${code}: ${message}). Answerback ends, since nobody knows what is on it now: check the disk, then start again`);
  }

  function breakDown(reason: string): void {
    if (broken) return;
    broken = new InboxUnusableError(reason);
    for (const group of [committing, gathering]) group?.reject(new NotAcceptedError('the inbox is broken'));
    onBroken(broken);
  }

  thread.on('message', (answer: Answer) => {
    switch (answer.type) {
      case 'committed':
        status = answer.status;
        if (failing) log.info({ event: 'inbox.healed' }, 'The inbox commits again');
        failing = false;
        settle((group) => {
          for (const index of answer.conflicts) {
            log.warn({ event: 'guid-conflict', guid: group.change.guids[index] }, 'A GUID came again with another text: answered as a duplicate, kept in quarantine');
          }
          group.resolve();
        });
        if (answer.fresh > 0) for (const listener of listeners) listener();
        return;
      case 'failed':
        return settle((group) => refuse(group, answer.code, answer.message));
      case 'page':
        return pages.shift()?.(answer.rows);
      case 'erased':
        status = answer.status;
        return operations.shift()?.(answer);
      case 'quarantined':
        return operations.shift()?.(answer);
      case 'requeued':
        status = answer.status;
        if (answer.requeued && answer.requeued.fresh > 0) for (const listener of listeners) listener();
        return operations.shift()?.(answer);
      case 'refused':
        operations.shift()?.(answer);
        if (isDiskError(answer.code)) diskFailed(answer);
        return;
      case 'broken':
        return diskFailed(answer);
      case 'open':
        return;
    }
  });
  thread.on('error', (error) => breakDown(`The inbox has ended: ${error.message}`));

  const deadlines = setInterval(() => {
    const error = new NotAcceptedError('the inbox did not commit in time');
    for (const group of [committing, gathering]) group?.rejectOlderThan(performance.now() - deadlineMs, error);
  }, deadlineMs / 20);
  const healing = setInterval(() => {
    // A commit of nothing tells whether the disk has healed.
    if (failing && !broken && !committing) {
      gathering.touch();
      schedule();
    }
  }, 1_000);
  let noted: NodeJS.Timeout | undefined;
  const note = () => {
    noted ??= setTimeout(() => {
      noted = undefined;
      schedule();
    }, noteDelayMs);
  };

  return {
    accept(delivery: Delivery) {
      const size = delivery.messages.length + delivery.rejected.length;
      if (broken) return Promise.reject(new NotAcceptedError('the inbox is broken'));
      if (waiting + size > mostWaiting) return Promise.reject(new NotAcceptedError(`${waiting} messages wait for a commit already`));
      if (size === 0) return Promise.resolve();
      waiting += size;
      schedule();
      return gathering.add(delivery);
    },
    ready() {
      if (broken || failing) return 'the inbox cannot commit';
      if (committing && performance.now() - committingSinceMs > deadlineMs) return 'the inbox cannot commit in time';
      return space.isEnough() ? undefined : 'less than 64 MB are free on the disk of DATA_DIR';
    },
    page(request) {
      ask({ type: 'page', ...request });
      return new Promise((resolve) => pages.push(resolve));
    },
    forwarded(seq, number) {
      gathering.noteForwarded({ seq, number });
      note();
    },
    stuck(seq, reason, retryAtMs) {
      gathering.noteStuck({ seq, reason, retryAtMs });
      note();
    },
    erase: (number, onErased) =>
      eraseAll(async (cursor) => {
        const { step } = await operate({ type: 'erase', number, cursor }, 'erased');
        await onErased(step.seqs);
        return step;
      }),
    quarantined: async (afterId, limit) => (await operate({ type: 'look-quarantined', afterId, limit }, 'quarantined')).entries,
    requeue: async (requeue) => (await operate({ type: 'requeue', requeue }, 'requeued')).requeued,
    onAccepted: (listener) => void listeners.push(listener),
    status: () => status,
    async close() {
      clearInterval(deadlines);
      clearInterval(healing);
      space.stop();
      clearTimeout(noted);
      while (!broken && (committing || isWorthCommitting())) {
        schedule();
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (broken) return void (await thread.terminate());
      ask({ type: 'close' });
      await ended;
    },
  };
}

function opened(thread: Worker): Promise<InboxStatus> {
  return new Promise((resolve, reject) => {
    thread.once('message', (answer: Answer) => {
      if (answer.type === 'open') resolve(answer.status);
    });
    thread.once('error', (error) => reject(new InboxUnusableError(error.message)));
  });
}
