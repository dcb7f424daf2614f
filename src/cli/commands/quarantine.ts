import { isUtf8 } from 'node:buffer';
import { loadConfig } from '../../config.js';
import { quarantineOf, RefusedError } from '../../control/control.js';
import type { Mending, QuarantinedSummary, Requeued } from '../../control/quarantine.js';
import { OperatorError, UsageError } from '../../process.js';
import type { Context } from '../context.js';
import { table, visible } from '../output.js';
import { createProgress } from '../progress.js';
import type { RequeueOptions } from '../options.js';
import { didYouMean } from '../suggest.js';

/** The quarantine of the api that runs on the data folder of these settings. */
function ofSettings(env: Context['env']) {
  const { dataDir, ackAfter } = loadConfig(env);
  if (ackAfter === 'temporal') throw new OperatorError('With ACK_AFTER=temporal there is no quarantine: the log says what was rejected');
  return quarantineOf(dataDir);
}

async function all(quarantine: ReturnType<typeof quarantineOf>): Promise<QuarantinedSummary[]> {
  const entries: QuarantinedSummary[] = [];
  for await (const entry of quarantine.list()) entries.push(entry);
  return entries;
}

/** `answerback quarantine list`: no texts. */
export async function listQuarantine({ env, output }: Context): Promise<void> {
  const entries = await all(ofSettings(env));
  const rows = entries.map(({ id, at, bytes, guid, number, reason, unreadable }) => [String(id), at, bytes === undefined ? '' : String(bytes), guid ?? '', number ?? '', unreadable ?? reason]);
  output.print({ quarantine: entries }, table([['ID', 'AT', 'BYTES', 'GUID', 'NUMBER', 'REASON'], ...rows]));
  if (entries.length === 0) output.say('The quarantine is empty.');
}

/** `answerback quarantine show ID`: as it came; on a terminal without what could command it. */
export async function showQuarantined(id: number, { env, output }: Context): Promise<void> {
  const { raw, ...entry } = await ofSettings(env).show(id);
  const bytes = Buffer.from(raw, 'base64');
  if (output.json) return output.print({ ...entry, ...(isUtf8(bytes) ? { raw: bytes.toString() } : { rawBase64: raw }) }, '');
  if (output.terminal) return output.print(undefined, visible(bytes.toString()));
  output.printRaw(bytes);
}

/** `answerback quarantine requeue ID`, or `--all`. */
export async function requeue(id: number | undefined, options: RequeueOptions, { env, streams, output }: Context): Promise<void> {
  const { all: everything = false, set } = options;
  if (everything === (id !== undefined)) throw new UsageError('Name one id, or say --all');
  if (everything && set.length > 0) throw new UsageError('--set mends one entry: name its id');
  const mending = mendingOf(set);
  const quarantine = ofSettings(env);
  const ids = id === undefined ? (await all(quarantine)).map((entry) => entry.id) : [id];
  const progress = createProgress(streams.err, 'Requeueing', ids.length);
  const outcomes: Array<Requeued & { id: number }> = [];
  try {
    for (const one of ids) {
      outcomes.push({ id: one, ...(await tried(one, () => quarantine.requeue(one, mending), everything)) });
      progress.step();
    }
  } finally {
    progress.end();
  }
  const accepted = outcomes.flatMap((outcome) => outcome.accepted);
  const duplicates = outcomes.reduce((sum, outcome) => sum + outcome.duplicates, 0);
  const rejected = outcomes.filter((outcome) => outcome.rejected.length > 0).map((outcome) => ({ id: outcome.id, reasons: outcome.rejected, left: outcome.left }));
  output.print({ accepted, duplicates, rejected }, `Accepted: ${accepted.length}${duplicates > 0 ? `, of which ${duplicates} had been accepted before` : ''}`);
  for (const { id: still, reasons, left } of rejected) output.say(`${still}: ${reasons.join('; ')}${left[0] === still ? '' : `; what is left is now entry ${left.join(', ')}`}`);
  if (rejected.length > 0) throw new OperatorError(`${rejected.length} not valid still: mend with "answerback quarantine requeue ID --set field=value", or leave it, and it goes after its days`);
}

/** One that cannot be read does not keep the others. */
async function tried(id: number, ask: () => Promise<Requeued>, goOn: boolean): Promise<Requeued> {
  try {
    return await ask();
  } catch (error) {
    if (!goOn || !(error instanceof RefusedError)) throw error;
    return { accepted: [], duplicates: 0, rejected: [error.message], left: [id] };
  }
}

const fields = ['guid', 'number', 'message'] as const;

function mendingOf(set: readonly string[]): Mending {
  return Object.fromEntries(
    set.map((pair) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
      if (!fields.some((field) => field === name)) throw new UsageError(`--set takes guid=…, number=… or message=…${didYouMean(name, fields)}`);
      return [name, value];
    }),
  );
}
