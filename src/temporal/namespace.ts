import { setTimeout as sleep } from 'node:timers/promises';
// CommonJS without named exports that Node's ESM loader could see.
import proto from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import type { Log } from '../log.js';
import { OperatorError } from '../process.js';
import { replyState } from './contract.js';

const day = 86_400;
const retentionDays = 30;

/** Gives the embedded server's namespace what Answerback needs: the search attribute ReplyState and 30 days of retention. */
export async function ensureNamespace(connection: NativeConnection, namespace: string): Promise<void> {
  await retryConflict(() =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: { [replyState.name]: proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD },
    }),
  );
  if ((await retentionSeconds(connection, namespace)) < retentionDays * day) {
    await retryConflict(() =>
      connection.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: { seconds: retentionDays * day as never } },
      }),
    );
  }
}

/** The same for a namespace that is not ours to change: checks it, and warns of a short retention. Throws as `inspectNamespace`. */
export async function checkNamespace(connection: NativeConnection, namespace: string, log: Log): Promise<void> {
  const short = await inspectNamespace(connection, namespace);
  if (short) log.warn({ event: 'namespace.retention-short', namespace, retentionDays: short.days }, `${short.found}. To change it: ${short.todo}`);
}

/**
 * Looks for what `ensureNamespace` would set.
 *
 * @returns the retention, where it is too short, with what is wrong with that and the command that mends it
 * @throws {OperatorError} naming the command that adds what is missing
 */
export async function inspectNamespace(connection: NativeConnection, namespace: string): Promise<{ days: number; found: string; todo: string } | undefined> {
  await checkReplyState(connection, namespace);
  const days = (await retentionSeconds(connection, namespace)) / day;
  if (days >= retentionDays) return undefined;
  return {
    days,
    found: `Namespace ${namespace} forgets closed runs after ${days} days: a text delivered again later is answered again`,
    todo: `temporal operator namespace update --namespace ${namespace} --retention ${retentionDays}d`,
  };
}

/** A count that names the attribute is the one question that every server answers, Temporal Cloud too. */
async function checkReplyState(connection: NativeConnection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query: `${replyState.name} = 'failed'` });
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    if (/not found/i.test(details) && /namespace/i.test(details) && !details.includes(replyState.name)) {
      throw new OperatorError(`The Temporal namespace ${namespace} does not exist`, `create it with: temporal operator namespace create --namespace ${namespace} --retention ${retentionDays}d`);
    }
    if (!details.includes(replyState.name)) throw new OperatorError(`Temporal did not answer for namespace ${namespace}: ${details}`);
    throw new OperatorError(
      `The Temporal namespace ${namespace} lacks the search attribute ${replyState.name}`,
      `add it with: temporal operator search-attribute create --namespace ${namespace} --name ${replyState.name} --type Keyword`,
    );
  }
}

async function retentionSeconds(connection: NativeConnection, namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
}

/** Two processes that ensure the same at the same moment: one gets `conditional update error` and tries again. */
async function retryConflict<Result>(change: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(100 * attempt);
    }
  }
}
