import { z } from 'zod';
import { httpUrl } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { anHttpUrl } from './expected.js';

const group = 'Classification';

/** It reasons over each text, unless `reasoning_effort` says otherwise. */
const defaultModel = 'gpt-6-luna';

/** The values of `reasoning_effort`. Each model takes some of them. */
const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type ReasoningEffort = (typeof reasoningEfforts)[number];

/** Returns the effort to ask for. Undefined: the request has no such parameter, because other models may refuse it. */
export function reasoningEffortFor(model: string, set: ReasoningEffort | undefined): ReasoningEffort | undefined {
  return set ?? (model === defaultModel ? 'none' : undefined);
}

/** The model that labels texts. */
export const classificationVariables = {
  OPENAI_API_KEY: {
    group,
    schema: z
      .string()
      .regex(/^[!-~]{1,1000}$/)
      .optional(),
    expected: 'an API key, without spaces or special characters',
    meaning: 'The key of your OpenAI account. A model then labels the texts. Not set: the rules label them.',
  },
  OPENAI_MODEL: {
    group,
    schema: z.string().default(defaultModel),
    expected: 'the name of a model',
    meaning: 'The model that labels texts.',
    default: defaultModel,
  },
  OPENAI_REASONING_EFFORT: {
    group,
    schema: z.enum(reasoningEfforts).optional(),
    expected: `one of ${reasoningEfforts.join(', ')}`,
    meaning:
      'How much the model reasons before it labels a text; more is slower and costs more. ' +
      `Not set: \`none\` with \`${defaultModel}\`, and with other models the request does not say it. ` +
      'Set it only for a model that takes it; each model takes some of these values.',
  },
  OPENAI_BASE_URL: {
    group,
    schema: httpUrl.optional(),
    expected: anHttpUrl,
    meaning: 'The address of the OpenAI API, or of another server with the same API.',
    default: 'https://api.openai.com/v1',
  },
} as const satisfies Record<string, Variable>;
