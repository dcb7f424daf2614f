import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { Label } from '../message.js';
import type { Playbook } from './playbook.js';
import { classification, instructions, quoted } from './prompt.js';

/** Labels a text, or throws what `failures.ts` tells apart. */
export type Model = (text: string, signal: AbortSignal) => Promise<Label>;

/** The model declined to label the text; asking again would get the same answer. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError';
}

/** The model's answer is not one of the labels, or not JSON. */
export class ModelAnswerUnreadableError extends Error {
  override readonly name = 'ModelAnswerUnreadableError';
}

/** Temporal owns the retries, so the client makes none; without these two the client waits up to 10 minutes, three times. */
const clientOptions = { maxRetries: 0, timeout: 15_000 };

export function createModel(
  settings: { apiKey: string; model: string; baseURL: string | undefined },
  playbook: Playbook,
): Model {
  const openai = new OpenAI({ ...clientOptions, apiKey: settings.apiKey, baseURL: settings.baseURL ?? null, logLevel: 'off' });
  const format = zodResponseFormat(classification, 'classification');
  const system = instructions(playbook);

  return async (text, signal) => {
    const completion = await openai.chat.completions.create(
      {
        model: settings.model,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: quoted(text) },
        ],
        response_format: format,
      },
      { signal },
    );
    const answer = completion.choices?.[0]?.message;
    if (answer?.refusal) throw new ModelRefusedError('the model refused to label the text');
    return readLabel(answer?.content);
  };
}

function readLabel(content: string | null | undefined): Label {
  try {
    return classification.parse(JSON.parse(content ?? '')).label;
  } catch {
    // The cause may quote the text, and causes show unencrypted in Temporal Web UI.
    throw new ModelAnswerUnreadableError('the model answered with something that is not one of the labels');
  }
}
