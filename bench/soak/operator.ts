import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs/runs.js';
import { eventually } from '../../test/kit/eventually.js';
import { projectFolder } from '../../test/kit/program.js';
import type { Journal } from './journal.js';
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
}

/**
 * Creates an operator, who handles parked replies.
 *
 * @param options.commandEnv the environment that a command needs to find the product
 */
export function createOperator({
  client,
  journal,
  commandEnv,
}: {
  client: Client;
  journal: Journal;
  commandEnv: Record<string, string>;
}): Operator {
  const env = { PATH: process.env['PATH'] ?? '', ...commandEnv };
  const runs = createRuns(client, () => '');

  async function releaseFailed(): Promise<number> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/cli/main.js', 'retry', '--all', '--rate', String(rate), '--json'],
      { cwd: projectFolder, env },
    );
    return (JSON.parse(stdout) as { released: number }).released;
  }

  /** Checks at the gateway: replies that arrived there are marked as sent, the others are sent again. */
  async function decideUncertain(): Promise<number> {
    const numbers = new Map(journal.acknowledged.map(({ workflowId, number }) => [workflowId, number]));
    let decided = 0;
    for await (const { workflowId } of runs.list({ state: 'uncertain' })) {
      const number = numbers.get(workflowId);
      if (number === undefined) continue;
      const decision = journal.hasReply(number)
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
  };
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
