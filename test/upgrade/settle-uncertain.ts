import { expect } from 'vitest';
import { signals } from '../../src/domain/names.js';
import { outcomeOf } from '../faults/outcomes.js';
import { eventually } from '../kit/eventually.js';
import type { Installation } from './installation.js';
import type { Text } from './texts.js';

/** The most replies that may be uncertain, of all. More are no accident of the machine. */
const maxShare = 0.03;

/**
 * Settles replies as an operator does who has looked at the gateway: what was sent is marked as sent, and what was not
 * is sent again. A reply becomes uncertain without a fault of ours when the machine stalls for as long as a try may
 * take. That no orderly stop makes one uncertain is shown by test/faults/rolling.test.ts.
 *
 * @returns how many there were
 */
export async function settleUncertain(
  { client, surroundings }: Installation,
  texts: readonly Text[],
  outcomes: ReadonlyMap<string, string>,
): Promise<number> {
  const uncertain = texts.filter(({ guid, fate }) => fate === 'sent' && outcomes.get(guid) === 'ReplyUncertain');
  expect(uncertain.length).toBeLessThanOrEqual(texts.length * maxShare);
  const sent = new Set(surroundings.gateway.sent.texts.map(({ to }) => to));
  for (const { guid, number } of uncertain)
    await client.workflow.getHandle(guid).signal(sent.has(number) ? signals.markReplySent : signals.retryReply);
  for (const { guid } of uncertain)
    await eventually(async () => (await outcomeOf(client, guid)) === 'sent', { withinMs: 60_000 });
  return uncertain.length;
}
