import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { ProblemError } from '../http/problem.js';
import type { WrittenText } from '../simulated-gateway/deliver.js';
import type { Mode } from '../simulated-gateway/modes.js';
import type { Switches } from '../simulated-gateway/server.js';
import type { Runs } from '../temporal/runs.js';
import { createConversations, type WrittenEntry } from './conversations.js';
import { createFollower } from './follower.js';
import { createStreams } from './streams.js';

export interface PhoneParts {
  /** Hands a text to the webhook; rejects where that did not take it. */
  deliver: (text: WrittenText) => Promise<string>;
  runs: Pick<Runs, 'show' | 'release'>;
}

export type Phone = ReturnType<typeof createPhone>;

/** What the page shows and does: texts as any number, what becomes of them, and how the gateway goes. */
export function createPhone({ deliver, runs }: PhoneParts, gateway: Switches) {
  const streams = createStreams();
  let temporalProblem: string | undefined;

  const conversations = createConversations({
    onChanged: (entry) => streams.send('entry', entry),
    onDropped({ id }) {
      follower.forget(id);
      streams.send('dropped', { id });
    },
  });

  const follower = createFollower({
    show: runs.show,
    isWatched: () => streams.count > 0,
    onRun: (guid, run) => conversations.change(guid, { run }),
    onAnswer(problem) {
      if (problem === temporalProblem) return;
      temporalProblem = problem;
      streams.send('temporal', { problem });
    },
  });

  gateway.onSent(({ id, to, text, at }) => {
    conversations.add({ kind: 'reply', id, number: to, text, at });
    for (const entry of conversations.entries()) if (entry.number === to) follower.hurry(entry.id);
  });

  async function handOver({ id: guid, number, text }: WrittenEntry): Promise<void> {
    try {
      await deliver({ guid, number, text });
      conversations.change(guid, { delivery: 'accepted' });
      if (conversations.written(guid)) follower.follow(guid);
    } catch (error) {
      conversations.change(guid, { delivery: 'not accepted', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  function writtenOr404(guid: string): WrittenEntry {
    const entry = conversations.written(guid);
    if (!entry) throw new ProblemError('not-found', { detail: 'This text is not known here any more.' });
    return entry;
  }

  return {
    watch(response: ServerResponse): void {
      streams.open(response, 'state', { entries: conversations.entries(), mode: gateway.mode, temporal: { problem: temporalProblem } });
      follower.hurryAll();
    },
    /** What becomes of it is seen by those who watch. */
    write({ number, text }: Pick<WrittenText, 'number' | 'text'>): string {
      const entry: WrittenEntry = { kind: 'written', id: randomUUID(), number, text, at: new Date().toISOString(), delivery: 'under way' };
      conversations.add(entry);
      void handOver(entry);
      return entry.id;
    },
    /** The same text with the same GUID: it is answered once, whatever became of the delivery before. */
    deliverAgain(guid: string): void {
      const entry = writtenOr404(guid);
      if (entry.delivery !== 'not accepted') return;
      conversations.change(guid, { delivery: 'under way' });
      void handOver(entry);
    },
    async release(guid: string): Promise<void> {
      const { run } = writtenOr404(guid);
      await runs.release(guid).catch((error: unknown) => {
        throw new ProblemError('temporal-away', { detail: `The reply could not be released: ${error instanceof Error ? error.message : String(error)}` });
      });
      if (run?.lastFailureAt !== undefined) conversations.change(guid, { releasedAfter: run.lastFailureAt });
      follower.hurry(guid);
    },
    setMode(mode: Mode): void {
      gateway.setMode(mode);
      streams.send('mode', { mode });
    },
    close(): void {
      follower.close();
      streams.close();
    },
  };
}
