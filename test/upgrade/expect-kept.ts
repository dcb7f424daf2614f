import { expect } from 'vitest';
import { queries, workflowTypes } from '../../src/domain/names.js';
import { outcomesOf } from '../faults/outcomes.js';
import { messagesIn } from '../helpers/inbox-file.js';
import { eventually } from '../kit/eventually.js';
import type { Installation } from './installation.js';
import { settleUncertain } from './settle-uncertain.js';
import type { Text, Texts } from './texts.js';

/**
 * What is promised, whatever was changed: every text that was acknowledged has what must become of it, each number got
 * one reply at most, nothing waits in an inbox, and no run is open but those that are parked.
 *
 * @returns how many replies an operator had to settle because they were uncertain
 */
export async function expectKept(installation: Installation, { all }: Texts): Promise<number> {
  const { client, surroundings, dataDirs } = installation;
  await eventually(() => dataDirs.every((folder) => messagesIn(folder) === 0), { withinMs: 60_000 });
  const texts = [...all.values()];
  const guids = [...all.keys()];
  const uncertain = await settleUncertain(installation, texts, await outcomesOf(client, guids, 120_000));
  const outcomes = await outcomesOf(client, guids, 60_000);
  const others = texts.filter(({ guid, fate }) => outcomes.get(guid) !== fate);
  const reports = others.map(async (text) => ({
    ...text,
    became: outcomes.get(text.guid),
    ...(await stateOf(client, text)),
  }));
  expect(await Promise.all(reports)).toEqual([]);

  const sends = countBy(surroundings.gateway.sent.texts.map(({ to }) => to));
  const due = countBy(texts.filter(({ fate }) => fate === 'sent').map(({ number }) => number));
  expect(sends).toEqual(due);

  const types = workflowTypes.map((type) => `"${type}"`).join(', ');
  const open = `ExecutionStatus="Running" AND WorkflowType IN (${types})`;
  const parked = texts.filter(({ fate }) => fate === 'ReplyFailed').length;
  await eventually(async () => (await client.workflow.count(open)).count === parked, { withinMs: 30_000 });
  return uncertain;
}

/** What the run of a text says, for the report of a failure. */
const stateOf = ({ workflow }: Installation['client'], { guid }: Text): Promise<object> =>
  workflow
    .getHandle(guid)
    .query<object>(queries.status)
    .catch((error: unknown) => ({ error: String(error) }));

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].sort());
}
