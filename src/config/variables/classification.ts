import { z } from 'zod';
import { httpUrl } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { anHttpUrl } from './expected.js';

const group = 'Classification';

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
    schema: z.string().default('gpt-4o-mini'),
    expected: 'the name of a model',
    meaning: 'The model that labels texts.',
    default: 'gpt-4o-mini',
  },
  OPENAI_BASE_URL: {
    group,
    schema: httpUrl.optional(),
    expected: anHttpUrl,
    meaning: 'The address of the OpenAI API, or of another server with the same API.',
    default: 'https://api.openai.com/v1',
  },
} as const satisfies Record<string, Variable>;
