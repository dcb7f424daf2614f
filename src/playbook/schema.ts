import { z } from 'zod';

const language = z
  .string({ error: 'a language, such as en' })
  .regex(/^[a-z]{2}$/, 'a language as two small letters, such as en (ISO 639-1)');

const noControls = [/^(?:[^\p{Cc}\p{Cs}]|\n)*$/u, 'a text without control characters'] as const;

const template = z
  .string({ error: 'a text' })
  .trim()
  .min(1, 'a text; for none write "silence: true" in place of "templates"')
  .regex(...noControls);

// Not trimmed: the place of a mistake in the text is that in the file.
const requestText = z
  .string({ error: 'a text' })
  .regex(/\S/, 'a text, or to be left out for the built-in one')
  .regex(...noControls);

const serviceName = z
  .string({ error: 'the name of the service' })
  .trim()
  .min(1, 'the name of the service, or to be left out')
  .max(60, 'a name of at most 60 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'a name without control characters');

const requestTexts = z
  .union([requestText, z.record(language, requestText)], {
    error: 'a text, or one for each language, such as en: You will get no more texts.',
  })
  .optional();

const words = z
  .array(
    z
      .string({ error: 'a word or phrase' })
      .trim()
      .min(1, 'a word or phrase')
      .max(60, 'a word or phrase of at most 60 characters'),
    {
      error: 'a list of words and phrases, such as [late, running behind]',
    },
  )
  .max(500, 'at most 500 words and phrases');

const lines = z
  .array(
    z
      .string({ error: 'a number, a phone or a gateway' })
      .trim()
      .min(1, 'a number, a phone or a gateway')
      .max(100, 'a number, a phone or a gateway of at most 100 characters'),
    { error: 'a list of numbers, phones or gateways, such as [+15550001234, smsgate]' },
  )
  .min(1, 'at least one number, phone or gateway; to serve all, leave out lines');

const label = z
  .strictObject(
    {
      meaning: z
        .string({ error: 'what the label means, in a sentence for the model' })
        .trim()
        .min(1, 'what the label means, in a sentence for the model')
        .max(1_000, 'at most 1,000 characters'),
      counts_as: z.enum(['yes', 'no'], { error: 'yes or no' }).optional(),
      words: words.optional(),
      templates: z
        .union([template, z.record(language, template)], {
          error: 'a text, or one for each language, such as en: Thank you!',
        })
        .optional(),
      handoff: z.enum(['true', 'end'], { error: 'true, end, or to be left out' }).optional(),
      silence: z.literal('true', { error: 'true, or to be left out' }).optional(),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? 'a map with meaning, and templates or silence' : undefined) },
  )
  .refine(
    ({ templates, silence }) => (templates === undefined) !== (silence === undefined),
    'either templates or "silence: true"',
  );

/** The schema of a playbook file. All scalars are strings as written: `1`, `no` and `null` are ordinary words. */
export const playbookFile = z.strictObject(
  {
    lines: lines.optional(),
    otherwise: z.string({ error: 'the label of a text that fits no other label' }),
    language: language.default('en'),
    segments: z
      .string({ error: 'a number from 1 to 10' })
      .regex(/^([1-9]|10)$/, 'a number from 1 to 10')
      .transform(Number)
      .default(2),
    service: z
      .union([serviceName, z.record(language, serviceName)], {
        error: 'the name of the service, or one for each language, such as en: Cafe Rosa',
      })
      .optional(),
    requests: z
      .strictObject(
        { stop: requestTexts, start: requestTexts, help: requestTexts, person: requestTexts },
        { error: (issue) => (issue.code === 'invalid_type' ? 'a map with stop, start, help or person' : undefined) },
      )
      .default({}),
    labels: z
      .record(
        z
          .string()
          .regex(
            /^\p{L}[\p{L}\p{N} _-]{0,39}$/u,
            'a name for the label: a letter, then up to 39 letters, digits, blanks, "_" or "-"',
          ),
        label,
        {
          error: 'labels, such as Agree: { meaning: …, templates: … }',
        },
      )
      .refine((labels) => Object.keys(labels).length >= 1 && Object.keys(labels).length <= 50, '1 to 50 labels'),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'a map with otherwise and labels' : undefined) },
);

export type PlaybookFile = z.infer<typeof playbookFile>;
