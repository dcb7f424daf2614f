import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config.js';
import { OperatorError } from '../../process.js';
import { deliver, NotDeliveredError } from '../../simulated-gateway/deliver.js';
import type { RunDetails, Runs } from '../../temporal/runs.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { createProgress } from '../progress.js';
import type { SendOptions } from '../options.js';
import { runFacts } from '../run-facts.js';
import { webhookUrl } from '../../webhook-url.js';

const lookEveryMs = 200;

/** `answerback send "text"`: hands a text to the webhook as the gateway does. */
export async function send(text: string, { from, guid = randomUUID(), wait = false, timeout }: SendOptions, { env, streams, output }: Context): Promise<void> {
  const config = loadConfig(env);
  await deliver({ number: from, text, guid }, { url: webhookUrl(config), credentials: config.credentials }).catch((error: unknown) => {
    throw error instanceof NotDeliveredError ? new OperatorError(`${error.message}\nWith --guid ${guid} it is the same text again`) : error;
  });
  if (!wait) return output.print({ guid }, guid);

  output.say(`Accepted as ${guid}`);
  const progress = createProgress(streams.err, 'Waiting for the reply');
  // The bar goes before anything else is printed.
  const run = await withTemporal(config, ({ runs }) => settled(guid, runs, timeout)).finally(() => progress.end());
  output.print({ guid, ...run }, runFacts(run));
  if (run.state !== 'done') throw new OperatorError(`The reply did not go out: it is ${run.state}`);
}

async function settled(guid: string, runs: Runs, timeoutSeconds: number): Promise<RunDetails> {
  for (const deadline = Date.now() + timeoutSeconds * 1_000; ; await sleep(lookEveryMs)) {
    const run = await runs.show(guid);
    if (run && run.state !== 'running') return run;
    if (Date.now() > deadline) throw new OperatorError(`No outcome within ${timeoutSeconds} s, and it goes on: "answerback show ${guid}" says where it stands`);
  }
}
