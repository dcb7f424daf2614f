import { isUtf8 } from 'node:buffer';
import { loadConfig } from '../../config/config.js';
import { quarantineOf, RefusedError } from '../../control/control.js';
import type { Corrections, Requeued } from '../../control/quarantine.js';
import { OperatorError, UsageError } from '../../process/errors.js';
import type { Context } from '../context.js';
import { table, visible } from '../../process/output.js';
import { createProgress } from '../../process/progress.js';
import type { RequeueOptions } from '../options.js';
import { didYouMean } from '../suggest.js';

/** The quarantine of the api that runs on the configured data folder. */
function openQuarantine(env: Context['env']) {
  const { dataDir, hasInbox } = loadConfig(env);
  if (!hasInbox)
    throw new OperatorError(
      'With ACK_AFTER=temporal and without DATA_DIR there is no quarantine: ' +
        'see the log of the api for what was rejected',
    );
  return quarantineOf(dataDir);
}

/** `answerback quarantine list`: lists the entries without their texts. */
export async function listQuarantine({ env, output }: Context): Promise<void> {
  const { entries, evicted } = await openQuarantine(env).list();
  const rows = entries.map(({ id, at, count, bytes, guid, number, reason, unreadable }) => [
    String(id),
    at,
    String(count),
    bytes === undefined ? '' : String(bytes),
    guid ?? '',
    number ?? '',
    unreadable ?? reason,
  ]);
  output.print(
    { quarantine: entries, evicted },
    table([['ID', 'AT', 'COUNT', 'BYTES', 'GUID', 'NUMBER', 'REASON'], ...rows]),
  );
  if (entries.length === 0) output.say('The quarantine is empty.');
  if (evicted > 0) output.say(`${evicted} entry(ies) were removed so far, to make room or because they were too old.`);
}

/** `answerback quarantine show ID`: prints the bytes as they arrived. On a terminal, control characters are escaped. */
export async function showQuarantined(id: number, { env, output }: Context): Promise<void> {
  const { raw, ...entry } = await openQuarantine(env).show(id);
  const bytes = Buffer.from(raw, 'base64');
  if (output.json)
    return output.print({ ...entry, ...(isUtf8(bytes) ? { raw: bytes.toString() } : { rawBase64: raw }) }, '');
  if (output.terminal) return output.print(undefined, visible(bytes.toString()));
  output.printRaw(bytes);
}

/** `answerback quarantine requeue ID`, or `--all`: reads entries again and accepts the valid messages. */
export async function requeue(
  id: number | undefined,
  options: RequeueOptions,
  { env, streams, output }: Context,
): Promise<void> {
  const { all = false, set } = options;
  if (all === (id !== undefined)) throw new UsageError('Give an id or --all');
  if (all && set.length > 0) throw new UsageError('--set corrects only one entry: give its id instead of --all');
  const corrections = correctionsOf(set);
  const quarantine = openQuarantine(env);
  const ids = id === undefined ? (await quarantine.list()).entries.map((entry) => entry.id) : [id];
  const progress = createProgress(streams.err, 'Requeueing', ids.length);
  const outcomes: Array<Requeued & { id: number }> = [];
  try {
    for (const entryId of ids) {
      const work = () => quarantine.requeue(entryId, corrections);
      outcomes.push({ id: entryId, ...(await (all ? requeueOrKeep(entryId, work) : work())) });
      progress.step();
    }
  } finally {
    progress.end();
  }
  const accepted = outcomes.flatMap((outcome) => outcome.accepted);
  const rejected = outcomes
    .filter((outcome) => outcome.rejected.length > 0)
    .map((outcome) => ({ id: outcome.id, reasons: outcome.rejected, left: outcome.left }));
  output.print({ accepted, rejected }, `Accepted: ${accepted.length}`);
  for (const { id: entryId, reasons, left } of rejected) {
    const newIds = left[0] === entryId ? '' : `; the rest is now entry ${left.join(', ')}`;
    output.say(`${entryId}: ${reasons.join('; ')}${newIds}`);
  }
  if (rejected.length > 0)
    throw new OperatorError(
      `${rejected.length} entry(ies) are still invalid: ` +
        'correct each with "answerback quarantine requeue ID --set field=value", ' +
        'or leave them to be deleted when they expire',
    );
}

/** Reports an entry that the api refuses as rejected, so that `--all` continues with the next one. */
async function requeueOrKeep(id: number, work: () => Promise<Requeued>): Promise<Requeued> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { accepted: [], rejected: [error.message], left: [id] };
  }
}

const fields = ['guid', 'number', 'message'] as const;

function correctionsOf(set: readonly string[]): Corrections {
  return Object.fromEntries(
    set.map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
      if (!fields.some((field) => field === name))
        throw new UsageError(`--set must be guid=…, number=… or message=…${didYouMean(name, fields)}`);
      return [name, value];
    }),
  );
}
