import { setTimeout as sleep } from 'node:timers/promises';
import type { PayloadCodec } from '@temporalio/common';
// CommonJS without named exports that Node's ESM loader could see.
import proto from '@temporalio/proto';
import { plainNumber } from '../message.js';
import { OperatorError } from '../process.js';
import type { TemporalConnection } from './connect.js';
import { workflowType } from './contract.js';

type Temporal = Pick<TemporalConnection, 'connection' | 'namespace'>;

const { EventType, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

/** A deletion is a task of the server's own; for a run that has just closed it takes some 10 s. */
const goneWithinMs = 60_000;

interface Run {
  workflowId: string;
  runId: string;
  running: boolean;
}

/**
 * Terminates and deletes every run of some workflows, reset ones included, and waits until the server has none of them left.
 * Lists of runs, the Web UI's too, may show them for some 10 s more.
 *
 * @returns how many there were
 * @throws {OperatorError} when one is still there after a minute
 */
export async function eraseRuns(temporal: Temporal, workflowIds: Iterable<string>): Promise<number> {
  const deleted: Run[] = [];
  for (const workflowId of workflowIds) {
    for (const run of await runsOf(temporal, workflowId)) {
      if (await deleteRun(temporal, run)) deleted.push(run);
    }
  }
  const deadline = Date.now() + goneWithinMs;
  for (const run of deleted) {
    while (await describe(temporal, run)) {
      if (Date.now() > deadline) throw new OperatorError(`Temporal has not deleted the run of ${run.workflowId} within a minute: run this again`);
      await sleep(100);
    }
  }
  return deleted.length;
}

/** False for one that the list still shows and the server has no more. */
async function deleteRun({ connection, namespace }: Temporal, { workflowId, runId, running }: Run): Promise<boolean> {
  const workflowExecution = { workflowId, runId };
  if (running) await ignoringAbsence(connection.workflowService.terminateWorkflowExecution({ namespace, workflowExecution, reason: 'erasure' }));
  return (await ignoringAbsence(connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution }))) !== undefined;
}

const describe = ({ connection, namespace }: Temporal, { workflowId, runId }: Partial<Run>) =>
  ignoringAbsence(connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: workflowId ?? '', runId: runId ?? '' } }));

/** The current one at once, the earlier ones as visibility knows them, up to 1,000. */
async function runsOf(temporal: Temporal, workflowId: string): Promise<Run[]> {
  const { connection, namespace } = temporal;
  const listed = await connection.workflowService.listWorkflowExecutions({ namespace, query: `WorkflowId = '${workflowId}'`, pageSize: 1_000 });
  const current = await describe(temporal, { workflowId });
  const infos = [...(listed.executions ?? []), ...(current?.workflowExecutionInfo ? [current.workflowExecutionInfo] : [])];
  // A namespace may be shared, and the sender chose the id.
  const ours = infos.filter(({ type }) => type?.name === workflowType);
  const runs = ours.map(({ execution, status }) => ({
    workflowId,
    runId: execution?.runId ?? '',
    running: status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
  }));
  return [...new Map(runs.map((run) => [run.runId, run])).values()];
}

async function ignoringAbsence<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === grpcNotFound) return undefined;
    throw error;
  }
}

const grpcNotFound = 5;

/**
 * Reads the input of every run in the namespace for the messages of a number: for those that no inbox remembers. One call a run.
 * A run whose input does not open is passed over; the codec tells of it.
 */
export async function* findRunsOf(number: string, { connection, namespace }: Temporal, codec: PayloadCodec): AsyncGenerator<string> {
  for await (const execution of everyRun({ connection, namespace })) {
    const first = await ignoringAbsence(connection.workflowService.getWorkflowExecutionHistory({ namespace, execution, maximumPageSize: 1 }));
    const started = first?.history?.events?.find(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED);
    const [message] = await codec.decode(started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []).catch(() => []);
    if (message?.data && execution.workflowId && isFrom(number, message.data)) yield execution.workflowId;
  }
}

async function* everyRun({ connection, namespace }: Temporal): AsyncGenerator<proto.temporal.api.common.v1.IWorkflowExecution> {
  let nextPageToken = new Uint8Array();
  do {
    const asked = { namespace, query: `WorkflowType = '${workflowType}'`, pageSize: 500, nextPageToken };
    const page: proto.temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse = await connection.workflowService.listWorkflowExecutions(asked);
    for (const { execution } of page.executions ?? []) if (execution) yield execution;
    nextPageToken = new Uint8Array(page.nextPageToken ?? []);
  } while (nextPageToken.length > 0);
}

function isFrom(number: string, message: Uint8Array): boolean {
  try {
    const { number: sender } = (JSON.parse(Buffer.from(message).toString()) ?? {}) as { number?: unknown };
    return typeof sender === 'string' && plainNumber(sender) === plainNumber(number);
  } catch {
    // Started by hand, with something else.
    return false;
  }
}
