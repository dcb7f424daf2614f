import { setTimeout as sleep } from 'node:timers/promises';
import { createModel } from '../activities/model.js';
import { modelFault } from '../activities/model-fault.js';
import type { Config } from '../config/config.js';
import type { LabelledText } from '../playbook/labelled-texts.js';
import type { Playbook } from '../playbook/playbook.js';
import type { JudgedText } from '../playbook/score.js';

/** How many requests wait for the model at once. */
const maxRequests = 4;

/**
 * Lets the model label texts, a few at a time, each once. The error of a failed request takes the place of the label.
 *
 * @param perSecond OPENAI_RPS; undefined: no limit
 * @param onJudged called after each text
 * @returns in the order of the texts
 */
export async function judgeByModel(
  texts: readonly LabelledText[],
  playbook: Playbook,
  { openai, perSecond = Infinity }: { openai: NonNullable<Config['openai']>; perSecond?: number | undefined },
  onJudged: () => void,
): Promise<JudgedText[]> {
  const model = createModel(openai);
  const never = new AbortController().signal;
  let nextAtMs = 0;
  const judged: JudgedText[] = [];

  async function judge(labelled: LabelledText): Promise<JudgedText> {
    try {
      return { ...labelled, given: await model(labelled.text, playbook, [never]) };
    } catch (error) {
      return { ...labelled, error: modelFault(error) };
    }
  }

  const waiting = texts.entries();
  async function judgeWaiting(): Promise<void> {
    for (const [index, labelled] of waiting) {
      const nowMs = performance.now();
      const askAtMs = Math.max(nextAtMs, nowMs);
      nextAtMs = askAtMs + 1_000 / perSecond;
      await sleep(askAtMs - nowMs);
      judged[index] = await judge(labelled);
      onJudged();
    }
  }
  await Promise.all(Array.from({ length: maxRequests }, judgeWaiting));
  return judged;
}
