import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/config.js';
import { stuckOf } from '../../control/control.js';
import type { StuckEntry } from '../../control/stuck.js';
import { OperatorError } from '../../process/errors.js';
import { table } from '../../process/output.js';
import type { Context } from '../context.js';

const pollEveryMs = 250;

/** How long the command waits for the outcome, in milliseconds. */
const maxWaitMs = 15_000;

/** `answerback retry-stuck`: tries the stuck messages again at once, and lists those that are still stuck. */
export async function retryStuck({ env, output }: Context): Promise<void> {
  const { dataDir, hasInbox } = loadConfig(env);
  if (!hasInbox)
    throw new OperatorError('With ACK_AFTER=temporal and without DATA_DIR there is no inbox, so no message is stuck');
  const api = stuckOf(dataDir);
  const before = await api.list();
  if (before.length > 0) await api.retry();
  const left = before.length > 0 ? await untilTried(api) : [];
  const [wereStuck, areStuck] = [messagesIn(before), messagesIn(left)];
  const rows = left.map(({ id, messages, acceptedAt, reason, isDue }) => [
    id ?? `(${messages} unreadable)`,
    acceptedAt,
    isDue ? `not tried yet; before: ${reason}` : reason,
  ]);
  const nothingLeft = wereStuck > 0 ? `Forwarded: ${wereStuck}` : 'No message is stuck';
  output.print(
    { retried: wereStuck, stuck: left },
    rows.length > 0 ? table([['ID', 'ACCEPTED', 'REASON'], ...rows]) : nothingLeft,
  );
  if (areStuck > 0)
    throw new OperatorError(
      `${areStuck} of ${wereStuck} stuck message(s) are still stuck: ` +
        'fix the reason that is listed, then run this again, or wait: they are retried every 30 s',
    );
}

/** Returns what is stuck once everything was tried, or after `maxWaitMs`. */
async function untilTried(api: ReturnType<typeof stuckOf>): Promise<StuckEntry[]> {
  const deadline = performance.now() + maxWaitMs;
  for (;;) {
    await sleep(pollEveryMs);
    const entries = await api.list();
    if (performance.now() > deadline || !entries.some(({ isDue }) => isDue)) return entries;
  }
}

const messagesIn = (entries: readonly StuckEntry[]) => entries.reduce((sum, { messages }) => sum + messages, 0);
