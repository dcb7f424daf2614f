import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/config.js';
import { askToErase, type ErasedInInbox, requireSocket } from '../../control/control.js';
import { erasure } from '../../domain/waiting.js';
import { ConfigError, OperatorError, UsageError } from '../../process/errors.js';
import { findSecret, requireSecret } from '../../process/installation-secret.js';
import { eraseRuns } from '../../temporal/runs/erase.js';
import { createSenderKey } from '../../temporal/sender-key.js';
import { inspectInstallation, otherSecret } from '../../temporal/installation.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { sendersOf } from '../senders.js';

const usage = [
  'Erases what is stored about a number: waiting texts, the quarantine, and the runs in Temporal.',
  '',
  '  npm run erase    asks for the number. Type it with + and its country code; spaces and punctuation are ignored.',
  '                   Without a terminal, the number is read from standard input',
  '',
].join('\n');

/**
 * `npm run erase` and `answerback erase`. Needs a running api, on the same machine and as the same user, unless that
 * api keeps nothing on its disk.
 */
export async function erase(extraArguments: readonly string[], { env, output }: Context): Promise<void> {
  // A number in the arguments would stay in the shell's history and npm's log.
  if (extraArguments.length > 0) throw new UsageError(usage);
  const config = loadConfig(env);
  const number = await readNumber();
  if (!/[\p{L}\p{N}]/u.test(number) || number.length > 64)
    throw new UsageError(`The number must have at least one digit or letter, and at most 64 characters.\n\n${usage}`);
  if (config.hasInbox) requireSocket(config.dataDir);
  const secret = requireSecret(findSecret(config));

  const { unreadable, ...erased } = await withTemporal(config, async ({ temporal }) => {
    if ((await inspectInstallation(temporal, secret)) === 'other')
      throw new ConfigError([otherSecret(temporal.namespace)]);
    const senderKeys = sendersOf(number, config).map(createSenderKey(secret));
    return untilNothingIsFound(async () => ({
      ...(config.hasInbox ? await askToErase(config.dataDir, number) : nothingInInbox),
      runs: await eraseRuns(temporal, senderKeys),
    }));
  });
  output.print(
    { ...erased, unreadable },
    `Erased: ${erased.runs} run(s), ${erased.waiting} waiting text(s), ${erased.quarantined} quarantine entry(ies)`,
  );
  if (unreadable > 0)
    throw new OperatorError(
      `${unreadable} text(s) could not be decrypted: set PAYLOAD_KEYS to their keys for the api, then run this again`,
    );
}

/** What a look found and erased. `unreadable` stays, so it doesn't add up. */
type Erased = ErasedInInbox & { runs: number };

const nothingInInbox: ErasedInInbox = { waiting: 0, quarantined: 0, unreadable: 0 };

/**
 * Looks until two looks in a row find nothing, and adds up what they erased. A text can be forwarded between the looks
 * at the inbox and at Temporal, and visibility shows its run a moment after its start.
 *
 * @throws {OperatorError} when `maxLooks` were not enough: the person keeps writing
 */
export async function untilNothingIsFound(
  look: () => Promise<Erased>,
  { nextLookMs, maxLooks }: { nextLookMs: number; maxLooks: number } = erasure,
): Promise<Erased> {
  const all: Erased = { runs: 0, ...nothingInInbox };
  for (let looks = 1, empty = 0; empty < 2; looks++) {
    if (looks > maxLooks) throw new OperatorError('Texts of this number keep coming: run this again later');
    if (looks > 1) await sleep(nextLookMs);
    const found = await look();
    for (const count of ['runs', 'waiting', 'quarantined'] as const) all[count] += found[count];
    all.unreadable = found.unreadable;
    empty = found.runs + found.waiting + found.quarantined === 0 ? empty + 1 : 0;
  }
  return all;
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
