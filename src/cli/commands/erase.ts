import { createInterface } from 'node:readline/promises';
import { loadConfig } from '../../config.js';
import { askToErase } from '../../control/control.js';
import { createKeyring } from '../../keyring.js';
import { plainNumber } from '../../message.js';
import { OperatorError, UsageError } from '../../process.js';
import { eraseRuns, findRunsOf } from '../../temporal/erase-runs.js';
import { createPayloadCodec } from '../../temporal/payload-codec.js';
import { workflowIdFor } from '../../temporal/workflow-id.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import type { EraseOptions } from '../options.js';

const usage = `Erases what is held about a number: waiting texts, the quarantine, and the runs in Temporal. GUIDs stay known.

  npm run erase                  asks for the number, with its country code as it came; blanks and signs do not matter.
                                 Without a terminal it reads it from standard input
  npm run erase -- --all-runs    also looks into every run in the namespace, one call each: for runs that are older than
                                 DEDUP_DAYS, and for an api without an inbox (ACK_AFTER=temporal)
`;

/** `npm run erase` and `answerback erase`: while Answerback runs, on the machine and as the user of its api. */
export async function erase({ allRuns: wished = false }: EraseOptions, others: readonly string[], { env, output }: Context): Promise<void> {
  // A number among the arguments would stay in the shell's history and npm's log.
  if (others.length > 0) throw new UsageError(usage);
  const config = loadConfig(env);
  const number = await readNumber();
  if (plainNumber(number) === '' || number.length > 64) throw new UsageError(`A number has at least one digit or letter, and at most 64 characters.\n\n${usage}`);

  // Before Temporal: should that be away, the inbox finds the same GUIDs again.
  const inbox = config.ackAfter === 'inbox' ? await askToErase(config.dataDir, number) : undefined;
  const allRuns = wished || !inbox;
  let unreadable = inbox?.unreadable ?? 0;
  const runs = await withTemporal(config, async ({ temporal }) => {
    const workflowIds = new Set(inbox?.guids.map(workflowIdFor));
    if (allRuns) {
      const codec = createPayloadCodec(createKeyring(config.payloadKeys), () => void unreadable++);
      for await (const workflowId of findRunsOf(number, temporal, codec)) workflowIds.add(workflowId);
    }
    return eraseRuns(temporal, workflowIds);
  });
  const erased = { runs, waiting: inbox?.waiting ?? 0, quarantined: inbox?.quarantined ?? 0 };
  output.print({ ...erased, unreadable }, `Erased: ${erased.runs} run(s), ${erased.waiting} waiting text(s), ${erased.quarantined} entry(ies) of the quarantine`);
  if (unreadable > 0) throw new OperatorError(`${unreadable} text(s) could not be looked at: set PAYLOAD_KEYS to what they were sealed with, also for the api, then run this again`);
  if (inbox?.unattributed && !allRuns) {
    throw new OperatorError(`${inbox.unattributed} GUID(s) come from a version that kept no number beside them: run "npm run erase -- --all-runs" to look into their runs`);
  }
}

async function readNumber(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdin.isTTY ? process.stderr : undefined });
  try {
    terminal.setPrompt('Number: ');
    if (process.stdin.isTTY) terminal.prompt();
    for await (const line of terminal) return line.trim();
    return '';
  } finally {
    terminal.close();
  }
}
