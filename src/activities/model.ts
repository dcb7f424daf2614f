import { setMaxListeners } from 'node:events';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { Label } from '../message.js';
import type { Playbook } from '../playbook/playbook.js';
import { classificationBy, instructions, quoted } from './prompt.js';

/** Labels a text by a playbook, or throws what `failures.ts` tells apart; the reason of whichever signal ends it first. */
export type Model = (text: string, playbook: Playbook, signals: readonly AbortSignal[]) => Promise<Label>;

/** The model declined to label the text; asking again would get the same answer. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError';
}

/** The model's answer is not one of the labels, or not JSON. */
export class ModelAnswerUnreadableError extends Error {
  override readonly name = 'ModelAnswerUnreadableError';
}

/** No whole answer in time. */
export class ModelTimedOutError extends Error {
  override readonly name = 'ModelTimedOutError';
}

/**
 * Temporal owns the retries, so the client makes none; by itself it would wait up to 10 minutes, three times. It follows no
 * redirect: a text goes where the settings say, and nowhere else.
 *
 * @param settings.timeoutMs from connecting to the answer's last byte
 */
export function createModel({
  apiKey,
  model,
  baseURL,
  timeoutMs = 15_000,
}: {
  apiKey: string;
  model: string;
  baseURL: string | undefined;
  timeoutMs?: number;
}): Model {
  const openai = new OpenAI({ maxRetries: 0, timeout: timeoutMs, apiKey, baseURL: baseURL ?? null, fetch: fetchCapped, fetchOptions: { redirect: 'manual' }, logLevel: 'off' });

  return (text, playbook, signals) =>
    endedBy(signals, timeoutMs, async (signal) => {
      const classification = classificationBy(playbook);
      const completion = await openai.chat.completions.create(
        {
          model,
          messages: [
            { role: 'system', content: instructions(playbook) },
            { role: 'user', content: quoted(text) },
          ],
          response_format: zodResponseFormat(classification, 'classification'),
        },
        { signal },
      );
      const answer = completion.choices?.[0]?.message;
      if (answer?.refusal) throw new ModelRefusedError('the model refused to label the text');
      return readLabel(answer?.content, classification);
    });
}

/**
 * Runs `ask` under a signal of its own. The client's timeout ends with the headers, this one with the answer; and the client
 * leaves a listener on its signal, which would keep an `AbortSignal.any` over a long-lived signal alive for ever (2 kB a call).
 */
async function endedBy<Answer>(
  signals: readonly AbortSignal[],
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const ended = new AbortController();
  const end = () => ended.abort(signals.find(({ aborted }) => aborted)?.reason);
  const timer = setTimeout(() => ended.abort(new ModelTimedOutError(`no whole answer within ${timeoutMs} ms`)), timeoutMs);
  // One listener for each running call; above ten Node warns of a leak.
  setMaxListeners(0, ...signals);
  for (const signal of signals) signal.addEventListener('abort', end);
  if (signals.some(({ aborted }) => aborted)) end();
  try {
    return await ask(ended.signal);
  } catch (error) {
    ended.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', end);
  }
}

function readLabel(content: string | null | undefined, classification: ReturnType<typeof classificationBy>): Label {
  try {
    return classification.parse(JSON.parse(content ?? '')).label;
  } catch {
    // The cause may quote the text, and causes show unencrypted in Temporal Web UI.
    throw new ModelAnswerUnreadableError('the model answered with something that is not one of the labels');
  }
}

/** A label takes a few hundred bytes. */
const mostAnswerBytes = 1_048_576;

/** Breaks off an answer that does not end. */
async function fetchCapped(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  if (!response.body) return response;
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > mostAnswerBytes) controller.error(new TypeError('the answer was over 1 MiB'));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counted), response);
}
