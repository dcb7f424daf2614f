import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../config/config.js';
import { OperatorError } from '../../process/errors.js';
import { NotPostedError } from '../../demo/simulated-gateway/post-to-webhook.js';
import { simulate } from '../../demo/simulated-gateway/simulate.js';
import { findSecrets } from '../../process/installation-secret.js';
import type { RunDetails } from '../../temporal/runs/run.js';
import type { Runs } from '../../temporal/runs/runs.js';
import { withTemporal } from '../connection.js';
import type { Context } from '../context.js';
import { createProgress } from '../../process/progress.js';
import type { SendOptions } from '../options.js';
import { runFacts } from '../run-facts.js';

const pollEveryMs = 200;

/** `answerback send "text"`: posts a text to the webhook, as the gateway does. */
export async function send(
  text: string,
  { from, guid = randomUUID(), wait = false, timeout }: SendOptions,
  { env, streams, output }: Context,
): Promise<void> {
  const config = loadConfig(env);
  const written = { number: from, text, guid, at: new Date() };
  const simulated = simulate(config, findSecrets(config)[0] ?? '');
  const id = simulated.idOf(written);
  await simulated.postText(written).catch((error: unknown) => {
    throw error instanceof NotPostedError
      ? new OperatorError(`${error.message}\nTo send the same message again, add --guid ${guid}`)
      : error;
  });
  if (!wait) return output.print({ guid: id }, id);

  output.say(`Accepted as ${id}`);
  const progress = createProgress(streams.err, 'Waiting for the reply');
  // The progress bar must end before anything else is printed.
  const run = await withTemporal(config, ({ runs }) => settled(id, runs, timeout)).finally(() => progress.end());
  output.print({ guid: id, ...run }, runFacts(run));
  if (run.state !== 'done')
    throw new OperatorError(`The reply is not confirmed as sent (${run.state}): check it with "answerback show ${id}"`);
}

async function settled(guid: string, runs: Runs, timeoutSeconds: number): Promise<RunDetails> {
  for (const deadline = Date.now() + timeoutSeconds * 1_000; ; await sleep(pollEveryMs)) {
    const run = await runs.show(guid);
    if (run && run.state !== 'running') return run;
    if (Date.now() > deadline)
      throw new OperatorError(
        `The run has no outcome after ${timeoutSeconds} s and continues: check it with "answerback show ${guid}"`,
      );
  }
}
