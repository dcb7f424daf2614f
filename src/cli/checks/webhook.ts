import { z } from 'zod';
import type { Config } from '../../config.js';
import { localUrl, webhookUrl } from '../../webhook-url.js';
import { fail, type Finding, get, ok, reasonOf, warn } from './check.js';

const problem = z.object({ detail: z.string() });

/** Whether the api answers the gateway's probe here, and would take texts now. */
export async function checkWebhook(config: Config): Promise<Finding> {
  const url = webhookUrl(config);
  try {
    const [probed, ready] = await Promise.all([get(url), get(`${localUrl(config)}/readyz`)]);
    if (probed.status !== 200) return fail(`${url} answered ${probed.status}`, 'another program may listen there: set PORT to a free port');
    if (ready.status === 503 && ready.body.includes('/problems/draining')) return warn(`${url} answers, and is being drained`, 'stop it when it is empty, or run "answerback drain --undo"');
    if (ready.status !== 200) return fail(`${url} answers, and takes no texts now: ${detailOf(ready.body) ?? `/readyz says ${ready.status}`}`, 'look at the log of the api, and at the disk of DATA_DIR');
    return ok(`${url} answers and takes texts`);
  } catch (error) {
    return warn(`Nothing answers at ${url} (${reasonOf(error)})`, 'start Answerback, or set HOST and PORT to where it listens');
  }
}

function detailOf(body: string): string | undefined {
  try {
    return problem.parse(JSON.parse(body)).detail;
  } catch {
    return undefined;
  }
}
