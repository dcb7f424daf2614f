import type { Client } from '@temporalio/client';
import { queries, replyState } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';

/** What became of a message, by its run. */
export async function outcomeOf(client: Client, workflowId: string): Promise<string> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status, typedSearchAttributes } = await handle.describe();
    const parkedAs = typedSearchAttributes.get(replyState);
    if (status.name === 'RUNNING')
      return parkedAs === 'uncertain' ? 'ReplyUncertain' : parkedAs === 'failed' ? 'ReplyFailed' : 'open';
    const result = (await handle.result()) as { reply: string };
    return result.reply;
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: { type?: string } };
    return name === 'WorkflowNotFoundError' ? 'no run' : (cause?.type ?? name);
  }
}

/** Why the replies that ended uncertain did so, with how many of each reason. */
export async function reasonsOfUncertain(client: Client, outcomes: ReadonlyMap<string, string>): Promise<string> {
  const reasons = new Map<string, number>();
  for (const [guid, outcome] of outcomes) {
    if (outcome !== 'ReplyUncertain') continue;
    const { lastFailure = 'none' } = await client.workflow.getHandle(guid).query<Status>(queries.status);
    reasons.set(lastFailure, (reasons.get(lastFailure) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => `${count} uncertain: ${reason}`).join('\n');
}

/** Waits until every one of these has an outcome, and returns them. */
export async function outcomesOf(client: Client, guids: string[], withinMs: number): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  await eventually(
    async () => {
      for (const guid of guids) {
        const known = outcomes.get(guid);
        if (known === undefined || known === 'open' || known === 'no run')
          outcomes.set(guid, await outcomeOf(client, guid));
      }
      return ![...outcomes.values()].some((outcome) => outcome === 'open' || outcome === 'no run');
    },
    { withinMs },
  ).catch(() => undefined);
  return outcomes;
}
