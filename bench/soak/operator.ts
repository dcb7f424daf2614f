import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs.js';
import { eventually } from '../../test/helpers/eventually.js';
import { projectFolder } from '../servers/program.js';
import type { Journal } from './journal.js';

/** For as long as a restart takes; Temporal does not answer then. */
const tryForMs = 60_000;

/** So many a second, as an operator who does not overrun a gateway that is just back. */
const rate = 10;

export interface Operator {
  /** Sends what failed once more, and brings what is uncertain to an end. Returns how many replies that were. */
  release(): Promise<number>;
}

/**
 * Who looks after parked replies.
 *
 * @param options.commandEnv what a command needs to find the product
 */
export function createOperator({ client, journal, commandEnv }: { client: Client; journal: Journal; commandEnv: Record<string, string> }): Operator {
  const env = { PATH: process.env['PATH'] ?? '', ...commandEnv };
  const runs = createRuns(client, () => '');

  async function releaseFailed(): Promise<number> {
    const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli/main.js', 'retry', '--all', '--rate', String(rate), '--json'], { cwd: projectFolder, env });
    return (JSON.parse(stdout) as { released: number }).released;
  }

  /** Looks at the gateway: what arrived there is marked as sent, the rest is sent again. */
  async function decideUncertain(): Promise<number> {
    const numbers = new Map(journal.acknowledged.map(({ guid, number }) => [guid, number]));
    let decided = 0;
    for await (const { workflowId } of runs.list({ state: 'uncertain' })) {
      const number = numbers.get(workflowId);
      if (number === undefined) continue;
      const decision = journal.hasReply(number) ? client.workflow.getHandle(workflowId).signal('markReplySent') : runs.release(workflowId);
      // The list is a moment behind: some have ended by now.
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
