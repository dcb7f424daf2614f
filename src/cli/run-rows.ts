import { maskNumber } from '../log/mask-number.js';
import type { RunRecord } from '../temporal/runs/record.js';
import type { Run } from '../temporal/runs/run.js';
import type { Runs } from '../temporal/runs/runs.js';
import { asText } from './cell-text.js';
import { inOrder } from './in-order.js';
import type { RunsOptions } from './options.js';

/** The columns of `answerback runs --csv`. */
export const columns = ['time', 'guid', 'line', 'number', 'label', 'by', 'reply', 'reason', 'state'] as const;
type Row = Record<(typeof columns)[number], string>;

export interface RowCounts {
  rows: number;
  /** Runs whose message, label or outcome is encrypted with a key that is missing. */
  unopened: number;
}

/** How many histories are read at once, at most. */
const maxAtOnce = 20;

/**
 * Reads listed runs and yields a row for each, in the order of the list. Leaves out those with another label, and those
 * that were erased since. Memory grows only with the number of open runs.
 *
 * @param counts gets one more with each row and each unopened run
 */
export async function* rowsOf(
  listed: AsyncIterable<Run>,
  read: Runs['read'],
  { label, numbers = false, limit = Infinity }: Pick<RunsOptions, 'label' | 'numbers' | 'limit'>,
  counts: RowCounts,
): AsyncGenerator<Row> {
  const records = inOrder(withoutRepeats(listed), maxAtOnce, async (run) => [run, await read(run)] as const);
  for await (const [run, record] of records) {
    if (!record) continue;
    if (!record.isOpened) counts.unopened++;
    if (label !== undefined && record.verdict?.label !== label) continue;
    counts.rows++;
    yield rowOf(run, record, numbers);
    if (counts.rows === limit) return;
  }
}

/** Leaves out the second mention of a run that closes while the list is read: open runs are listed first. */
async function* withoutRepeats(listed: AsyncIterable<Run>): AsyncGenerator<Run> {
  const open = new Set<string>();
  for await (const run of listed) {
    if (open.has(run.runId)) continue;
    if (run.closedAt === undefined) open.add(run.runId);
    yield run;
  }
}

function rowOf(
  { workflowId, startedAt }: Run,
  { state, message, verdict, reply, reason }: RunRecord,
  numbers: boolean,
) {
  const { acceptedAt, line, to, gateway, sender = '' } = message;
  return {
    time: acceptedAt ?? startedAt,
    guid: asText(workflowId),
    line: cellOf(line ?? to ?? gateway ?? ''),
    number: cellOf(numbers ? sender : maskNumber(sender)),
    label: asText(verdict?.label ?? ''),
    by: verdict?.by ?? '',
    reply: reply ?? '',
    reason: reason ?? '',
    state,
  };
}

/** Numbers stay as they are, also masked ones, so that other programs can read them. Names can be anything. */
const cellOf = (text: string): string => (/^\+?[\d*]+$/.test(text) ? text : asText(text));
