import { createInterface } from 'node:readline/promises';
import { loadConfig } from '../../config/config.js';
import { askToErase, type ErasedInInbox, requireSocket } from '../../control/control.js';
import { OperatorError, UsageError } from '../../process/errors.js';
import { findSecrets, requireSecrets } from '../../process/installation-secret.js';
import { eraseRuns } from '../../temporal/runs/erase.js';
import { createSenderKeys } from '../../temporal/sender-key.js';
import { checkSecretsOfReader } from '../../temporal/installation.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { sendersOf } from '../senders.js';
import { untilNothingIsFound } from '../until-nothing-is-found.js';

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
  const secrets = requireSecrets(findSecrets(config));

  const { unreadable, ...erased } = await withTemporal(config, async ({ temporal }) => {
    await checkSecretsOfReader(temporal, secrets);
    const senderKeys = createSenderKeys(secrets).flatMap((keyOf) => sendersOf(number, config).map(keyOf));
    return eraseUntilNothingIsFound(async () => ({
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
 * Looks until nothing is found, and adds up what the looks erased. A text can be forwarded between the looks at the
 * inbox and at Temporal.
 *
 * @throws {OperatorError} when the person keeps writing
 */
export async function eraseUntilNothingIsFound(
  look: () => Promise<Erased>,
  waits?: { nextLookMs: number; maxLooks: number },
): Promise<Erased> {
  const all: Erased = { runs: 0, ...nothingInInbox };
  const lookOnce = async () => {
    const found = await look();
    for (const count of ['runs', 'waiting', 'quarantined'] as const) all[count] += found[count];
    all.unreadable = found.unreadable;
    return found.runs + found.waiting + found.quarantined;
  };
  await untilNothingIsFound(
    lookOnce,
    new OperatorError('Texts of this number keep coming: run this again later'),
    waits,
  );
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
