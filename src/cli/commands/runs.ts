import { loadConfig } from '../../config/config.js';
import type { Run } from '../../temporal/runs/run.js';
import { UsageError } from '../../process/errors.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { sinceOf } from '../date-or-time.js';
import { table } from '../../process/output.js';
import type { RunsOptions } from '../options.js';
import { exportRuns } from './export-runs.js';

const usualLimit = 20;

/** `answerback runs`: lists the newest runs, or prints all as CSV. */
export async function listRuns(options: RunsOptions, context: Context): Promise<void> {
  const { csv = false, label, numbers, state, limit = usualLimit } = options;
  if (!csv && (label !== undefined || numbers)) throw new UsageError('--label and --numbers need --csv');
  if (csv && context.output.json) throw new UsageError('Give --csv or --json');
  const since = options.since === undefined ? undefined : sinceOf(options.since);
  if (csv) return exportRuns({ ...options, since }, context);
  const listed = await withTemporal(loadConfig(context.env), async ({ runs }) => {
    const list: Run[] = [];
    for await (const run of runs.list({ state, since, limit })) list.push(run);
    return list;
  });
  context.output.print(
    { runs: listed },
    table([
      ['GUID', 'STATE', 'STARTED', 'CLOSED'],
      ...listed.map((run) => [run.workflowId, run.state, run.startedAt, run.closedAt ?? '']),
    ]),
  );
  if (listed.length === 0) context.output.say(noRuns(options));
  else if (listed.length === limit) context.output.say(`These are the newest ${limit} runs. Use --limit to list more.`);
}

function noRuns({ state, since }: RunsOptions): string {
  const started = since === undefined ? '' : ` since ${since}`;
  if (state) return `No run${started} is ${state}.`;
  return started === '' ? 'There are no runs yet. Send a text with "answerback send".' : `There are no runs${started}.`;
}
