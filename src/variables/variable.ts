import type { z } from 'zod';

/** The sections of docs/configuration.md. */
export const variableGroups = [
  'The webhook',
  'The gateway',
  'Replies',
  'Senders',
  'Waiting and limits',
  'Classification',
  'Storage',
  'Events',
  'Temporal',
  'Encryption',
  'Metrics',
  'Logs',
] as const;

/** An environment variable: its schema and its documentation. */
export interface Variable {
  group: (typeof variableGroups)[number];
  /** Parses the text of the variable; its default applies when the variable is not set. */
  schema: z.ZodType;
  /** What the text must look like. An error reads `<NAME> must be <expected>`. */
  expected: string;
  /** What it does, in plain sentences for docs/configuration.md. */
  meaning: string;
  /** The default, for docs/configuration.md; absent: the variable has no default. */
  default?: string;
}

/** The parsed values of a set of variables. */
export type ValuesOf<Declared extends Record<string, Variable>> = {
  [Name in keyof Declared]: z.infer<Declared[Name]['schema']>;
};
