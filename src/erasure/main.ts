import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { loadConfig } from '../config.js';
import { askToErase } from '../control/control.js';
import { createKeyring } from '../keyring.js';
import { createLog } from '../log.js';
import { plainNumber } from '../message.js';
import { OperatorError, runCommand } from '../process.js';
import { connectTemporal } from '../temporal/connect.js';
import { eraseRuns, findRunsOf } from '../temporal/erase-runs.js';
import { createPayloadCodec } from '../temporal/payload-codec.js';
import { prepareRuntime } from '../temporal/runtime.js';
import { findServer } from '../temporal/server-record.js';
import { workflowIdFor } from '../temporal/workflow-id.js';

const usage = `Erases what is held about a number: waiting texts, the quarantine, and the runs in Temporal. GUIDs stay known.

  npm run erase                  asks for the number, with its country code as it came; blanks and signs do not matter.
                                 Without a terminal it reads it from standard input
  npm run erase -- --all-runs    also looks into every run in the namespace, one call each: for runs that are older than
                                 DEDUP_DAYS, and for an api without an inbox (ACK_AFTER=temporal)
`;

/** `npm run erase`: while Answerback runs, on the machine and as the user of its api. */
runCommand(async (env) => {
  const [option, ...others] = process.argv.slice(2);
  if (option === '--help') return void process.stdout.write(usage);
  // A number among the arguments would stay in the shell's history and npm's log.
  if (others.length > 0 || (option !== undefined && option !== '--all-runs')) throw new OperatorError(usage);
  const config = loadConfig(env);
  const number = await readNumber();
  if (plainNumber(number) === '' || number.length > 64) throw new OperatorError(`A number has at least one digit or letter, and at most 64 characters.\n\n${usage}`);

  // Before Temporal: should that be away, the inbox finds the same GUIDs again.
  const inbox = config.ackAfter === 'inbox' ? await askToErase(config.dataDir, number) : undefined;
  prepareRuntime(createLog({ level: 'warn', terminal: false }));
  // The server of `npm start` on this folder, or the one that the settings name for everybody else.
  const embedded = config.temporalAddress === undefined ? await findServer(path.resolve(config.dataDir)) : undefined;
  const temporal = await connectTemporal(embedded ? { connectionOptions: { address: `127.0.0.1:${embedded.port}` } } : config.temporal);
  try {
    let unreadable = inbox?.unreadable ?? 0;
    const workflowIds = new Set(inbox?.guids.map(workflowIdFor));
    const allRuns = option === '--all-runs' || !inbox;
    if (allRuns) {
      const codec = createPayloadCodec(createKeyring(config.payloadKeys), () => void unreadable++);
      for await (const workflowId of findRunsOf(number, temporal, codec)) workflowIds.add(workflowId);
    }
    const runs = await eraseRuns(temporal, workflowIds);
    process.stdout.write(`Erased: ${runs} run(s), ${inbox?.waiting ?? 0} waiting text(s), ${inbox?.quarantined ?? 0} entry(ies) of the quarantine\n`);
    if (unreadable > 0) throw new OperatorError(`${unreadable} text(s) could not be looked at: set PAYLOAD_KEYS to what they were sealed with, also for the api, then run this again`);
    if (inbox?.unattributed && !allRuns) {
      throw new OperatorError(`${inbox.unattributed} GUID(s) come from a version that kept no number beside them: run "npm run erase -- --all-runs" to look into their runs`);
    }
  } finally {
    await temporal.connection.close();
  }
});

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
