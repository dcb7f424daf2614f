import { loadConfig } from '../../config/config.js';
import type { Run } from '../../temporal/runs/run.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { table } from '../../process/output.js';
import type { RunsOptions } from '../options.js';

/** `answerback runs`: lists the newest runs first. */
export async function listRuns({ state, limit }: RunsOptions, { env, output }: Context): Promise<void> {
  const listed = await withTemporal(loadConfig(env), async ({ runs }) => {
    const list: Run[] = [];
    for await (const run of runs.list({ state, limit })) list.push(run);
    return list;
  });
  output.print(
    { runs: listed },
    table([
      ['GUID', 'STATE', 'STARTED', 'CLOSED'],
      ...listed.map((run) => [run.workflowId, run.state, run.startedAt, run.closedAt ?? '']),
    ]),
  );
  if (listed.length === 0)
    output.say(state ? `No run is ${state}.` : 'There are no runs yet. Send a text with "answerback send".');
  else if (listed.length === limit) output.say(`These are the newest ${limit} runs. Use --limit to list more.`);
}
