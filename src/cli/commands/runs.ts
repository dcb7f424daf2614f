import { loadConfig } from '../../config.js';
import type { Run } from '../../temporal/runs.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { table } from '../output.js';
import type { RunsOptions } from '../options.js';

/** `answerback runs`: the newest first. */
export async function listRuns({ state, limit }: RunsOptions, { env, output }: Context): Promise<void> {
  const found = await withTemporal(loadConfig(env), async ({ runs }) => {
    const list: Run[] = [];
    for await (const run of runs.list({ state, limit })) list.push(run);
    return list;
  });
  output.print({ runs: found }, table([['GUID', 'STATE', 'STARTED', 'CLOSED'], ...found.map((run) => [run.workflowId, run.state, run.startedAt, run.closedAt ?? ''])]));
  if (found.length === 0) output.say(state ? `No run is ${state}.` : 'No run yet: send a text with "answerback send".');
  else if (found.length === limit) output.say(`The newest ${limit}; --limit shows more.`);
}
