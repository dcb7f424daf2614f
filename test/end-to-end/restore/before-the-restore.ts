import type { WrittenText } from '../../../src/demo/simulated-gateway/dialect.js';
import { createRuns } from '../../../src/temporal/runs/runs.js';
import { eventually } from '../../kit/eventually.js';
import { outcomesOf } from '../../faults/outcomes.js';
import { backUpUnderLoad } from './backup-under-load.js';
import type { Running } from './running.js';
import { aText, runOf } from './texts.js';

/** What happened before the restore. */
export interface Before {
  /** Its reply was refused by the gateway, and waits for an operator. */
  failed: WrittenText;
  /** STOP, of a person who gets no replies from then on. */
  stop: WrittenText;
  /** Its run was open at the backup: the gateway had asked to be tried again later. */
  retried: WrittenText;
  /** They waited in the inbox at the backup. */
  waited: WrittenText[];
  /** All that was acknowledged before the backup began. */
  saved: WrittenText[];
  /** Acknowledged and answered after the backup, which has forgotten them. */
  forgotten: WrittenText[];
  /** The numbers to which something was sent, in this order. */
  sentTo: string[];
}

/** Runs the product under load, saves it meanwhile, and waits until everything is answered. */
export async function liveUntilTheBackup(running: Running, folders: { dataDir: string; to: string }): Promise<Before> {
  async function answered(texts: WrittenText[]): Promise<void> {
    const outcomes = await outcomesOf(running.client, texts.map(runOf), 120_000);
    // On a machine that stalls a reply can be uncertain. It is after the restore in any case.
    const settled = ['sent', 'delivered', 'ReplyUncertain'];
    const others = [...outcomes.values()].filter((outcome) => !settled.includes(outcome));
    if (others.length > 0) throw new Error(`${others.length} of ${texts.length} are not answered: ${others.join()}`);
  }

  const failed = aText();
  await running.script([{ status: 400 }]);
  await running.post(failed);
  const runs = createRuns(running.client, () => '');
  await eventually(async () => (await runs.count('failed')) === 1, { withinMs: 60_000 });
  const stop = aText('STOP');
  await running.post(stop);
  // The simulated Telnyx doesn't say that it has answered itself.
  await answered([stop]);
  const first = Array.from({ length: 10 }, () => aText());
  for (const text of first) await running.post(text);
  await answered(first);

  const retried = aText();
  await running.script([{ status: 429, retryAfter: 30 }]);
  await running.post(retried);
  // Temporal knows of the refusal before it is made to stand still.
  await eventually(async () => (await attemptsOf(running, retried)) === 2, { withinMs: 60_000 });
  const { waited, acknowledged } = await backUpUnderLoad(running, folders);

  const forgotten = Array.from({ length: 10 }, () => aText());
  for (const text of forgotten) await running.post(text);
  await answered([retried, ...acknowledged, ...forgotten]);
  const saved = [failed, stop, ...first, retried, ...waited];
  return { failed, stop, retried, waited, saved, forgotten, sentTo: await running.sentTo() };
}

/** The number of the present try of a reply that is being sent, or waits for its next try. */
async function attemptsOf({ client }: Running, text: WrittenText): Promise<number | null | undefined> {
  const { raw } = await client.workflow.getHandle(runOf(text)).describe();
  return raw.pendingActivities?.[0]?.attempt;
}
