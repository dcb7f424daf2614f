import { setTimeout as sleep } from 'node:timers/promises';
import { completion, fault } from '../../helpers/fake-openai.js';
import { aPost } from '../../helpers/messages.js';
import { eventually } from '../../kit/eventually.js';
import { postJson } from '../../kit/product.js';
import { failWorkflowTask, type startApiAndWorker } from '../../metrics/exporting-processes.js';
import { secret } from '../../metrics/opened.js';

type Parts = Awaited<ReturnType<typeof startApiAndWorker>>;

const post = (parts: Parts, body: unknown, token = secret) => postJson(`${parts.webhook}?token=${token}`, body);

/**
 * Brings about once what operators are alerted of: parked replies, a dead phone, a model that is gone, bad posts, a
 * message that no worker can read.
 */
export async function bringTrouble(parts: Parts): Promise<void> {
  const { gateway, openai } = parts;
  gateway.script([{ status: 400 }, { status: 502 }]);
  for (const state of ['failed', 'uncertain']) {
    await post(parts, aPost());
    await eventually(async () => (await parts.client.workflow.count(`ReplyState="${state}"`)).count === 1);
  }
  openai.answerWith(fault(404, { code: 'model_not_found' }));
  await post(parts, aPost());
  await eventually(() => gateway.sent.count === 1);
  openai.answerWith(completion({ content: '{"label":"Agree"}' }));
  const optedOut = '+15550007777';
  await post(parts, aPost({ number: optedOut, message: 'STOP' }));
  await eventually(() => gateway.sent.count === 2);
  await post(parts, aPost({ number: optedOut }));
  for (let guid = 0; guid < 12; guid++) await post(parts, { guid });
  await post(parts, aPost(), `not-${secret}`);
  await parts.postPings(['pass', 'fail']);
  await failWorkflowTask(parts.client);
}

/** Posts four texts a second until it is stopped. */
export function startTexts(parts: Parts): () => Promise<void> {
  const stopping = new AbortController();
  const posting = (async () => {
    while (!stopping.signal.aborted) {
      await post(parts, aPost());
      await sleep(250);
    }
  })();
  // What failed is told when it is stopped.
  posting.catch(() => undefined);
  return () => {
    stopping.abort();
    return posting;
  };
}
