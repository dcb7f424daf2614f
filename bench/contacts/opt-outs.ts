import { contact as names, contactState } from '../../src/domain/names.js';
import { paced } from '../../src/cli/paced.js';
import { eventually } from '../../test/kit/eventually.js';
import { databaseBytes } from '../servers/footprint.js';
import type { EverythingOn } from './products.js';

const writesAtOnce = 32;

/** What it took to write opt-outs. */
export interface WrittenOptOuts {
  count: number;
  seconds: number;
  /** The growth of the server's database. */
  bytes: number;
}

export const optedOutSender = (index: number): string => `+1777${1_000_000 + index}`;

/** Opts out this many senders, and waits until lists show all of them. */
export async function writeOptOuts(
  { contacts, client, dataDir }: EverythingOn,
  count: number,
): Promise<WrittenOptOuts> {
  const bytes = () => databaseBytes(dataDir, /^temporal-.*\.sqlite$/);
  const [startedAt, before] = [performance.now(), bytes()];
  const senders = Array.from({ length: count }, (_, index) => optedOutSender(index));
  await paced(senders, { perSecond: Infinity, maxAtOnce: writesAtOnce }, (sender) =>
    contacts.optOut({
      ...{ state: 'opted-out', sender, since: new Date().toISOString() },
      ...{ source: 'text', words: 'STOP' },
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const query = `WorkflowType = "${names.workflowType}" AND ${contactState.name} = "opted-out"`;
  await eventually(async () => (await client.workflow.count(query)).count === count, { withinMs: 60_000 });
  return { count, seconds, bytes: bytes() - before };
}
