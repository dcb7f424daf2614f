import type { Client } from '@temporalio/client';
import { messageHashMemo } from '../domain/names.js';
import { ignoringAbsence } from './grpc-code.js';
import { isMessageRun } from './message-runs.js';
import { openPayload, type Payload } from './open-payload.js';

/** A message that is not started, although Temporal can be reached. It is kept and retried. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}

/**
 * Compares the run that has an id with the message that wants it.
 * - `same`: the run is of the same message.
 * - `other`: it is of another message, or another program's.
 * - `gone`: there is no such run any more.
 *
 * @throws {StartRefusedError} when the run can't be compared, for example because a key is missing
 */
export async function compareRun(client: Client, workflowId: string, hash: string): Promise<'same' | 'other' | 'gone'> {
  const info = await describe(client, workflowId);
  if (!info) return 'gone';
  // The memo of another program is not read: its codec may be another one.
  if (!isMessageRun(info)) return 'other';
  const kept = await readHash(client, workflowId, info.memo?.fields?.[messageHashMemo]);
  return kept === hash ? 'same' : 'other';
}

/** Not by the handle of the run: its `describe` opens every memo before the type is known. */
async function describe(client: Client, workflowId: string) {
  const request = { namespace: client.options.namespace, execution: { workflowId } };
  const run = await ignoringAbsence(client.workflowService.describeWorkflowExecution(request));
  return run?.workflowExecutionInfo ?? undefined;
}

async function readHash(client: Client, workflowId: string, stored: Payload | undefined): Promise<unknown> {
  if (!stored) throw new StartRefusedError(`The run ${workflowId} has no ${messageHashMemo}, so it can't be compared`);
  try {
    return await openPayload(client, stored);
  } catch (error) {
    throw new StartRefusedError(`The run ${workflowId} can't be compared with a message of the same id`, {
      cause: error,
    });
  }
}
