import { setMaxListeners } from 'node:events';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { Label } from '../domain/decision.js';
import { modelTimeoutMs } from '../domain/waiting.js';
import type { Playbook } from '../playbook/playbook.js';
import { classificationBy, instructions, quoted } from './prompt.js';

/**
 * Labels a text by a playbook. Throws an error that `modelFault` classifies, or the reason of the signal that aborted
 * it.
 */
export type Model = (text: string, playbook: Playbook, signals: readonly AbortSignal[]) => Promise<Label>;

/** The model declined to label the text; asking again would get the same response. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError';
}

/** The model's response isn't one of the labels, or isn't JSON. */
export class ModelResponseUnreadableError extends Error {
  override readonly name = 'ModelResponseUnreadableError';
}

/** No complete response arrived in time. */
export class ModelTimedOutError extends Error {
  override readonly name = 'ModelTimedOutError';
}

/**
 * Creates a model that asks OpenAI. It never retries, since Temporal does (the client's defaults are two retries and a
 * timeout of 10 minutes), and it follows no redirect, so a text only goes to the configured address.
 *
 * @param options.reasoningEffort sent only when it is set: models that don't know it refuse the request
 * @param options.timeoutMs from connecting to the last byte of the response
 */
export function createModel({
  apiKey,
  model,
  baseURL,
  reasoningEffort,
  timeoutMs = modelTimeoutMs,
}: {
  apiKey: string;
  model: string;
  baseURL: string | undefined;
  reasoningEffort?: OpenAI.ReasoningEffort | undefined;
  timeoutMs?: number;
}): Model {
  const openai = new OpenAI({
    maxRetries: 0,
    timeout: timeoutMs,
    apiKey,
    baseURL: baseURL ?? null,
    fetch: fetchLimited,
    fetchOptions: { redirect: 'manual' },
    logLevel: 'off',
  });

  return (text, playbook, signals) =>
    withDeadline(signals, timeoutMs, async (signal) => {
      const classification = classificationBy(playbook);
      const completion = await openai.chat.completions.create(
        {
          model,
          ...(reasoningEffort && { reasoning_effort: reasoningEffort }),
          messages: [
            { role: 'system', content: instructions(playbook) },
            { role: 'user', content: quoted(text) },
          ],
          response_format: zodResponseFormat(classification, 'classification'),
        },
        { signal },
      );
      const response = completion.choices?.[0]?.message;
      if (response?.refusal) throw new ModelRefusedError('the model refused to label the text');
      return readLabel(response?.content, classification);
    });
}

/**
 * Runs `ask` with a new signal that the timeout and each of `signals` abort. The client's own timeout only covers the
 * headers; this one covers the whole response. The signal is new because the client never removes its listener: with
 * `AbortSignal.any` over a long-lived signal, each call would leak 2 kB.
 */
async function withDeadline<ModelResponse>(
  signals: readonly AbortSignal[],
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<ModelResponse>,
): Promise<ModelResponse> {
  const controller = new AbortController();
  const abort = () => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  const timer = setTimeout(
    () => controller.abort(new ModelTimedOutError(`no complete response within ${timeoutMs} ms`)),
    timeoutMs,
  );
  // Every running call adds a listener; without this, Node warns of a leak above ten.
  setMaxListeners(0, ...signals);
  for (const signal of signals) signal.addEventListener('abort', abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  try {
    return await ask(controller.signal);
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener('abort', abort);
  }
}

function readLabel(content: string | null | undefined, classification: ReturnType<typeof classificationBy>): Label {
  try {
    return classification.parse(JSON.parse(content ?? '')).label;
  } catch {
    // No `cause`: it may quote the text, and Temporal Web UI shows causes unencrypted.
    throw new ModelResponseUnreadableError("the model's response is not one of the labels");
  }
}

/** A label takes a few hundred bytes. */
const maxResponseBytes = 1_048_576;

/** Like fetch, but a response fails after 1 MiB. */
async function fetchLimited(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  if (!response.body) return response;
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > maxResponseBytes) controller.error(new TypeError('the response was over 1 MiB'));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counted), response);
}
