import { loadConfig } from '../../config/config.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { runFacts } from '../run-facts.js';
import { noRun } from '../unknown-run.js';

/** `answerback show GUID`: shows one run. */
export async function show(guid: string, { env, output }: Context): Promise<void> {
  const run = await withTemporal(loadConfig(env), async ({ runs }) => {
    const found = await runs.show(guid);
    if (!found) throw await noRun(guid, runs);
    return found;
  });
  output.print(run, runFacts(run));
}
