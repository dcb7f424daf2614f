import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { eventually } from '../../test/kit/eventually.js';
import { projectFolder } from '../../test/kit/program.js';
import { signals } from '../../src/domain/names.js';

/**
 * How long an action is retried, in milliseconds: as long as a restart takes, since Temporal doesn't respond during
 * one.
 */
const tryForMs = 60_000;

/** Releases per second: low, so as not to overload a gateway that has just recovered. */
const rate = 10;

export interface Operator {
  /** Retries failed replies and settles uncertain ones. Returns the number of replies. */
  release(): Promise<number>;
  /** Ends the pause of a number. Returns false when it was not paused. */
  resume(number: string): Promise<boolean>;
}

/**
 * Creates an operator, who handles parked replies and paused senders.
 *
 * @param options.hasReplyTo tells whether the reply to a run's text has arrived; undefined: the run is not known yet
 * @param options.commandEnv the environment that a command needs to find the product
 */
export function createOperator({
  client,
  hasReplyTo,
  commandEnv,
}: {
  client: Client;
  hasReplyTo: (workflowId: string) => boolean | undefined;
  commandEnv: Record<string, string>;
}): Operator {
  const env = { PATH: process.env['PATH'] ?? '', ...commandEnv };
  const runs = createRuns(client, () => '');

  /** Runs a command of `answerback`, and returns the document that it prints. */
  async function command<Document>(...args: string[]): Promise<Document> {
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli/main.js', ...args, '--json'], {
      ...{ cwd: projectFolder, env },
    });
    return JSON.parse(stdout) as Document;
  }

  const releaseFailed = async () =>
    (await command<{ released: number }>('retry', '--all', '--rate', String(rate))).released;

  /** Checks at the gateway: replies that arrived there are marked as sent, the others are sent again. */
  async function decideUncertain(): Promise<number> {
    let decided = 0;
    for await (const { workflowId } of runs.list({ state: 'uncertain' })) {
      const hasReply = hasReplyTo(workflowId);
      if (hasReply === undefined) continue;
      const decision = hasReply
        ? client.workflow.getHandle(workflowId).signal(signals.markReplySent)
        : runs.release(workflowId);
      // The list is a little out of date: some runs have ended by now.
      await decision.then(() => decided++, ignoreEnded);
      await sleep(1_000 / rate);
    }
    return decided;
  }

  return {
    async release() {
      const failed = await eventually(async () => ({ count: await releaseFailed() }), { withinMs: tryForMs });
      const uncertain = await eventually(async () => ({ count: await decideUncertain() }), { withinMs: tryForMs });
      return failed.count + uncertain.count;
    },
    async resume(number) {
      const resume = () => command<{ changed: boolean }>('contact', 'resume', number);
      return (await eventually(resume, { withinMs: tryForMs })).changed;
    },
  };
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
