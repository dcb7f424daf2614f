import type { ServerResponse } from 'node:http';
import { ProblemError } from '../../http/problem.js';
import type { Mode } from '../simulated-gateway/modes.js';
import type { Switches } from '../simulated-gateway/server.js';
import type { Runs } from '../../temporal/runs/runs.js';
import { createConversations } from './conversations.js';
import { createRunPoller } from './run-poller.js';
import { createEventStreams } from './event-streams.js';
import { createTextWriter, type TextWriterOptions } from './text-writer.js';

export interface PhoneOptions {
  postText: TextWriterOptions['postText'];
  runs: Pick<Runs, 'show' | 'release'>;
  /** Returns the identity of a number: the same for all its notations. */
  senderOf: (number: string) => string;
}

export type Phone = ReturnType<typeof createPhone>;

/**
 * Creates the model of the page: it writes texts from any number, shows their state, and switches the gateway's mode.
 */
export function createPhone({ postText, runs, senderOf }: PhoneOptions, gateway: Switches) {
  const streams = createEventStreams();
  let temporalProblem: string | undefined;

  const conversations = createConversations({
    onChanged: (entry) => streams.send('entry', entry),
    onDropped({ id }) {
      runPoller.forget(id);
      streams.send('dropped', { id });
    },
  });

  const runPoller = createRunPoller({
    show: runs.show,
    isWatched: () => streams.count > 0,
    onRun: (guid, run) => conversations.change(guid, { run }),
    onResponse(problem) {
      if (problem === temporalProblem) return;
      temporalProblem = problem;
      streams.send('temporal', { problem });
    },
  });

  gateway.onSent(({ id, to, text, at }) => {
    const sender = senderOf(to);
    conversations.add({ kind: 'reply', id, number: to, sender, text, at });
    for (const entry of conversations.entries()) if (entry.sender === sender) runPoller.hurry(entry.id);
  });

  return {
    watch(response: ServerResponse): void {
      streams.open(response, 'state', {
        entries: conversations.entries(),
        mode: gateway.mode,
        temporal: { problem: temporalProblem },
      });
      runPoller.hurryAll();
    },
    ...createTextWriter({ postText, senderOf, conversations, onAccepted: (guid) => runPoller.follow(guid) }),
    senderOf,
    async release(guid: string): Promise<void> {
      const { run } = conversations.writtenOr404(guid);
      await runs.release(guid).catch((error: unknown) => {
        throw new ProblemError('temporal-away', {
          detail: `The reply could not be released: ${error instanceof Error ? error.message : String(error)}`,
        });
      });
      if (run?.lastFailureAt !== undefined) conversations.change(guid, { releasedAfter: run.lastFailureAt });
      runPoller.hurry(guid);
    },
    setMode(mode: Mode): void {
      gateway.setMode(mode);
      streams.send('mode', { mode });
    },
    close(): void {
      runPoller.close();
      streams.close();
    },
  };
}
