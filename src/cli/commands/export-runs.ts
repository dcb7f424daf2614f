import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { loadConfig } from '../../config/config.js';
import { OperatorError } from '../../process/errors.js';
import { createProgress } from '../../process/progress.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import type { RunsOptions } from '../options.js';
import { columns, type RowCounts, rowsOf } from '../run-rows.js';

type ExportOptions = Omit<RunsOptions, 'since'> & { since: Date | undefined };

/** `answerback runs --csv`: prints a row for each message, as they are read. */
export async function exportRuns(options: ExportOptions, context: Context): Promise<void> {
  const { state, since, label } = options;
  const { env, streams, output } = context;
  const counts: RowCounts = { rows: 0, unopened: 0 };
  await withTemporal(loadConfig(env), async ({ runs }) => {
    const rows = rowsOf(runs.list({ state, since }), runs.read, options, counts);
    const endProgress = showProgress(counts, context);
    try {
      await pipeline(rows, stringify({ header: true, columns: [...columns] }), streams.out, { end: false });
    } catch (error) {
      throw new OperatorError(
        `Temporal failed after ${counts.rows} rows (${(error as Error).message})`,
        'run this again',
      );
    } finally {
      endProgress();
    }
  });
  if (counts.unopened > 0)
    output.say(
      `${counts.unopened} run(s) can't be read without their key, so ` +
        `${label === undefined ? 'cells of their rows are empty' : 'those of unknown label are left out'}: ` +
        'add the key to PAYLOAD_KEYS',
    );
  else if (counts.rows === 0)
    output.say(label === undefined ? 'There are no such runs.' : `No such run has the label ${label}.`);
}

const showEveryMs = 250;

/** Shows the number of rows while they go to a file or a pipe. Returns what ends it. */
function showProgress(counts: RowCounts, { streams }: Context): () => void {
  if (!streams.err.isTTY || streams.out.isTTY) return () => undefined;
  const progress = createProgress(streams.err, 'Reading');
  const shown = setInterval(() => progress.now(`${counts.rows} rows`), showEveryMs);
  return () => {
    clearInterval(shown);
    progress.end();
  };
}
