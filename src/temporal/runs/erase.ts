import { setTimeout as sleep } from 'node:timers/promises';
import type { temporal } from '@temporalio/proto';
import { OperatorError } from '../../process/errors.js';
import type { TemporalConnection } from '../connect.js';
import { runsOfSender } from '../message-runs.js';
import { ignoringAbsence } from '../grpc-code.js';

type Temporal = Pick<TemporalConnection, 'connection' | 'namespace'>;
type Run = temporal.api.common.v1.IWorkflowExecution;
type Page = temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse;

/** Maximum of calls that run at once. */
const maxAtOnce = 20;

/** The server deletes in the background: an open run at once, and one that has just closed after 10 to 40 s. */
const deletedWithinMs = 120_000;

/**
 * Deletes every run that has one of these values as its attribute Sender: renamed and reset runs too, and open ones,
 * which the server terminates. Waits until the server has deleted them. Lists of runs, in the Web UI too, can show them
 * for about 10 s more.
 *
 * Finds only what visibility has: a run appears there about a second after its start.
 *
 * @returns how many runs it deleted
 * @throws {OperatorError} when a run still exists after 2 minutes
 */
export async function eraseRuns(temporal: Temporal, senderKeys: readonly string[]): Promise<number> {
  const deleted: Run[] = [];
  await forEach(await findRuns(temporal, senderKeys), async (run) => {
    if (await deleteRun(temporal, run)) deleted.push(run);
  });
  await forEach(deleted, (run) => untilDeleted(temporal, run));
  return deleted.length;
}

/** Calls `work` for every run, `maxAtOnce` at a time. */
async function forEach(runs: readonly Run[], work: (run: Run) => Promise<void>): Promise<void> {
  for (let index = 0; index < runs.length; index += maxAtOnce)
    await Promise.all(runs.slice(index, index + maxAtOnce).map(work));
}

async function findRuns({ connection, namespace }: Temporal, senderKeys: readonly string[]): Promise<Run[]> {
  const query = runsOfSender(senderKeys);
  const runs: Run[] = [];
  let nextPageToken = new Uint8Array();
  do {
    const request = { namespace, query, pageSize: 500, nextPageToken };
    const page: Page = await connection.workflowService.listWorkflowExecutions(request);
    runs.push(...(page.executions ?? []).flatMap(({ execution }) => execution ?? []));
    nextPageToken = new Uint8Array(page.nextPageToken ?? []);
  } while (nextPageToken.length > 0);
  return runs;
}

/** Returns false when the server no longer has the run, although the list still shows it. */
async function deleteRun({ connection, namespace }: Temporal, workflowExecution: Run): Promise<boolean> {
  const request = { namespace, workflowExecution };
  return (await ignoringAbsence(connection.workflowService.deleteWorkflowExecution(request))) !== undefined;
}

async function untilDeleted({ connection, namespace }: Temporal, execution: Run): Promise<void> {
  const deadline = Date.now() + deletedWithinMs;
  while (await ignoringAbsence(connection.workflowService.describeWorkflowExecution({ namespace, execution }))) {
    if (Date.now() > deadline)
      throw new OperatorError(
        `Temporal did not delete the run of ${execution.workflowId} within 2 minutes: run this command again`,
      );
    await sleep(100);
  }
}
